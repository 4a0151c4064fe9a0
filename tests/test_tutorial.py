"""The tutorial, from its first line to its last: every file is written, every command run, and its output held."""

import re
from pathlib import Path

import pytest

from infoshare.cli import main

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
# Its kind, the file that it belongs into, whether it comes at its end, the line that it comes after, and what it says.
BLOCK = r"^```(\w+)(?: ([\w.]+)(?:( \+)| after ([^\n]+))?)?\n(.*?)^```$"
BLOCKS = re.findall(BLOCK, PAGE, re.DOTALL | re.MULTILINE)
ENDS = re.compile(r"\s+# exits with (\d+)$")


def follows(printed: str, told: str) -> None:
    """Holds what was printed against what the page tells; `…` stands for any lines, or for any words of one."""
    pattern = re.escape(told).replace("…\\\n", "(?:.*\n)*?").replace("…", ".*")
    assert re.fullmatch(pattern, printed), f"printed:\n{printed}\ntold:\n{told}"


def put(path: Path, text: str, *, at_end: bool, after: str) -> None:
    """Changes a file as the page says."""
    before = path.read_text("utf-8") if path.exists() else ""
    if after:
        assert before.count(f"  {after}\n") == 1
        text = before.replace(f"  {after}\n", f"  {after}\n{text}")
    path.write_text(before + text if at_end else text, encoding="utf-8")


def test_whoever_follows_the_tutorial_sees_what_it_tells(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    printed = ""
    for kind, name, at_end, after, text in BLOCKS:
        if name:
            put(Path(name), text, at_end=bool(at_end), after=after)
        elif kind == "policy":  # what stands in a file that was just made
            assert text in Path("sharing.policy").read_text("utf-8")
        elif kind == "text":
            follows(printed, text)
        else:
            assert kind == "sh"
            printed = ""
            for line in text.splitlines():
                program, *arguments = ENDS.sub("", line).split()
                if program == "cd":
                    monkeypatch.chdir(*arguments)
                    continue
                expected = ENDS.search(line)
                assert program == "infoshare"
                code = main(arguments)
                told = capsys.readouterr()
                printed += told.out or told.err
                assert code == int(expected[1] if expected else 0), told


@pytest.mark.parametrize("word", ["decide", "check", "test", "fmt", "read", "doc", "new"])
def test_the_tutorial_uses_the_commands_that_an_author_needs(word):
    assert re.search(rf"^infoshare {word} ", PAGE, re.MULTILINE)

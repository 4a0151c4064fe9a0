"""Every example of the how-to pages is run: Python by page, commands line by line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infoshare.cli import main

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
GOES_THROUGH = {"write-an-overlay": "marlowe-vale"}
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


ELSEWHERE = {"spark"}  # needs Java: tests/spark/agreement.py runs it, in .ci/spark


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if blocks(page, "python") and page.stem not in ELSEWHERE],
    ids=lambda page: page.stem,
)
def test_the_python_of_a_page_runs_from_top_to_bottom(page):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks(page, "python"))],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")


COMMANDS = [
    (page.stem, line) for page in PAGES for block in blocks(page, "sh") for line in block.splitlines()
]


@pytest.mark.skipif(os.name != "posix", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize(("page", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_every_command_of_a_page_runs(page, line):
    program = f'infoshare() {{ "{sys.executable}" -m infoshare "$@"; }}\n'
    done = subprocess.run(
        ["sh", "-c", program + line], capture_output=True, check=False, cwd=ROOT, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_the_pages_hold_python_and_commands_output_configuration_and_policies():
    kinds = {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds == {"python", "sh", "text", "toml", "yaml", "policy", "lua", "lisp"}


SHOWN = [(page.stem, block) for page in PAGES for block in blocks(page, "policy")]


@pytest.mark.parametrize(("page", "shown"), SHOWN, ids=[block.split("\n")[0] for _, block in SHOWN])
def test_what_a_page_shows_of_a_policy_stands_in_the_example_that_it_goes_through(page, shown):
    assert f"\n{shown}" in (EXAMPLES / f"{GOES_THROUGH[page]}.policy").read_text(encoding="utf-8")


def test_the_answer_that_a_page_tells_of_its_example_is_given(capsys):
    page = ROOT / "docs" / "how-to" / "write-an-overlay.md"
    (words,) = (block.split() for block in blocks(page, "sh") if " decide " in block)
    (told,) = blocks(page, "text")
    assert main([str(ROOT / word) if word.startswith("examples/") else word for word in words[1:]]) == 0
    assert told.removesuffix(" …\n") in capsys.readouterr().out


def test_every_page_is_in_the_list_of_pages():
    listed = set(
        re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs" / "how-to" / "README.md").read_text("utf-8"))
    )
    assert listed == {page.name for page in PAGES} - {"README.md"}

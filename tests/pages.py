"""Pages that show a mistake and its message together: read, played, and held against the program.

A page is Markdown. `policy` blocks are files (`policy words.policy` names one, the others are
`example.policy`, the file that is loaded); a `json` or `toml` block is a case for it, a `python` block is run
with `policy` at hand; the `text` block after them is what is said. A page without a policy is about records, in Python
alone. Two words more in the first line of a `policy` block: `escaped`, where `\\xe9` and `\\u202e` stand for the byte and the character that nobody could see on the page, and
`filled to N bytes`, for a file that is too long to print. `part-NUMBER.policy up to N` is one block for N files.
"""

import os
import re
from datetime import date, datetime
from pathlib import Path

import attrs

from infoshare.authoring.findings import Checked, findings
from infoshare.casefile import format_of, read_case
from infoshare.diagnostic import Diagnostic
from infoshare.errors import InfoshareError
from infoshare.policy.load import load_result
from infoshare.rendering import render, render_all

ROOT = Path(__file__).parent.parent
CODE_PAGES = ROOT / "docs" / "codes"
GOLDEN_PAGES = ROOT / "tests" / "golden"
REWRITE = bool(os.environ.get("INFOSHARE_REWRITE"))
DAY = date(2026, 11, 22)

_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@attrs.frozen
class Block:
    """One fenced block: the words of its first line, its text, and where the text lies in the page."""

    info: str
    text: str
    start: int

    @property
    def kind(self) -> str:
        return self.info.partition(" ")[0]


@attrs.frozen
class Page:
    """One page of Markdown."""

    path: Path
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ")

    def section(self, title: str) -> str:
        """What stands under a heading, up to the next one."""
        _, _, after = self.text.partition(f"\n## {title}\n")
        return after.partition("\n## ")[0]

    @property
    def headings(self) -> list[str]:
        return re.findall(r"^## (.*)$", self.text, re.MULTILINE)


def read_page(path: Path) -> Page:
    return Page(path, path.read_text(encoding="utf-8"))


def blocks(text: str) -> list[Block]:
    return [Block(m["info"], m["text"], m.start("text")) for m in _BLOCK.finditer(text)]


def expected(text: str) -> str:
    """The message that a text shows: its only `text` block."""
    (shown,) = [block.text for block in blocks(text) if block.kind == "text"]
    return shown


def play(text: str, folder: Path, *, check: bool = False) -> tuple[tuple[Diagnostic, ...], str]:
    """What is found when the blocks of a text are tried in a folder (the current one), and how it is rendered.

    Args:
        check: whether warnings are looked for as well, as `infoshare check` does.
    """
    found = _played(blocks(text), folder)
    if check and not found:
        loaded = Checked.of(load_result("example.policy"))
        found = tuple(each.diagnostic for each in findings([loaded] if loaded else [], today=DAY))
    about_a_case = any(block.kind == "policy" for block in blocks(text))
    return found, _rendered(found, case="case.json" if about_a_case else "record")


def rewritten(page: Page, text: str, rendered: str) -> None:
    """Writes what was said into the page, in the place of what the page says. Read it before it is committed."""
    shown = f"```text\n{expected(text)}```\n"
    assert page.text.count(shown) == 1
    page.path.write_text(page.text.replace(shown, f"```text\n{rendered}```\n"), encoding="utf-8")


def _rendered(found: tuple[Diagnostic, ...], case: str) -> str:
    if any(diagnostic.labels for diagnostic in found):
        return render_all(found)
    return "\n\n".join(render(diagnostic, case=case) for diagnostic in found) + "\n" if found else ""


def _played(all_blocks: list[Block], folder: Path) -> tuple[Diagnostic, ...]:
    for block in all_blocks:
        if block.kind == "policy":
            _write(block, folder)
    policy = None
    if any(block.kind == "policy" for block in all_blocks):
        result = load_result("example.policy")
        if result.policy is None or result.diagnostics:
            return result.diagnostics
        policy = result.policy
    for block in all_blocks:
        if block.kind in {"json", "toml"}:
            facts, found = read_case(
                block.text.encode(), f"case.{block.kind}", format_of(f"case.{block.kind}")
            )
            if facts is None:
                return found
            try:
                policy.decide(facts, as_of=DAY)
            except InfoshareError as error:
                return error.diagnostics
        elif block.kind == "python":
            names = {"policy": policy, "date": date, "datetime": datetime, "__name__": "example"}
            try:
                exec(compile(block.text, "example.py", "exec"), names)
            except InfoshareError as error:
                return error.diagnostics
    return ()


def _write(block: Block, folder: Path) -> None:
    words = block.info.split()[1:]
    name = words[0] if words and words[0].endswith(".policy") else "example.policy"
    data = block.text.encode()
    if "escaped" in words:
        data = re.sub(
            rb"\\x([0-9a-f]{2})|\\u([0-9a-f]{4})",
            lambda m: bytes([int(m[1], 16)]) if m[1] else chr(int(m[2], 16)).encode(),
            data,
        )
    if "filled" in words:
        data = data.ljust(int(words[words.index("to") + 1]), b"#")
    if "up" in words:
        for number in range(1, int(words[words.index("to") + 1]) + 1):
            (folder / name.replace("NUMBER", str(number))).write_bytes(
                re.sub(rb"NUMBER|NEXT", lambda m, n=number: str(n + (m[0] == b"NEXT")).encode(), data)
            )
        return
    (folder / name).write_bytes(data)

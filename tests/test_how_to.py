"""Every example of the how-to pages is run: Python by page, commands line by line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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


def test_the_pages_hold_python_and_commands_output_and_configuration():
    kinds = {kind for page in PAGES for kind, _ in BLOCK.findall(page.read_text(encoding="utf-8"))}
    assert kinds == {"python", "sh", "text", "toml", "yaml"}


def test_every_page_is_in_the_list_of_pages():
    listed = set(
        re.findall(r"\]\(([\w-]+\.md)\)", (ROOT / "docs" / "how-to" / "README.md").read_text("utf-8"))
    )
    assert listed == {page.name for page in PAGES} - {"README.md"}

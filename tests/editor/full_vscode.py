"""The extension for VS Code: its tests, the package that it makes, and the grammar in the engine that editors use.

Needs Node.js and npm; `.ci/full` runs it. VS Code itself is not needed.
"""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from test_highlighting import ROLES_OF_SCOPES, blanked, by_pygments  # noqa: E402 - a test beside this room

POLICIES = sorted((ROOT / "policies").glob("*.policy"))


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    """The extension with what it is built with, in a copy."""
    assert shutil.which("npm"), "npm is not on this machine"
    copy = tmp_path_factory.mktemp("copy")
    kept = shutil.ignore_patterns("node_modules", "dist", "*.vsix")
    shutil.copytree(ROOT / "editors", copy / "editors", ignore=kept)
    shutil.copy(ROOT / "LICENSE", copy)
    folder = copy / "editors" / "vscode"
    run(folder, "npm", "ci", "--no-audit", "--no-fund")
    return folder


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass(extension):
    run(extension, "npm", "test")


def test_it_is_packed_whole_and_with_nothing_else(extension):
    run(extension, "npm", "run", "package")
    with zipfile.ZipFile(extension / "infoshare.vsix") as packed:
        names = {
            name.removeprefix("extension/") for name in packed.namelist() if name.startswith("extension/")
        }
        manifest = json.loads(packed.read("extension/package.json"))
    assert names == {
        "package.json",
        "readme.md",
        "LICENSE.txt",
        "language-configuration.json",
        "dist/extension.js",
        "dist/infoshare.tmLanguage.json",
    }
    assert manifest["main"] == "./dist/extension.js"
    run(extension, "node", "--check", "dist/extension.js")


def test_the_engine_of_editors_colours_every_shipped_policy_as_pygments_does(extension):
    found = json.loads(run(extension, "node", "test/colours.mjs", *map(str, POLICIES)))
    for path in POLICIES:
        text = path.read_text(encoding="utf-8")
        roles = []
        for line, tokens in zip(text.split("\n"), found[str(path)], strict=True):
            here = [None] * (len(line) + 1)
            for start, end, scope in tokens:
                here[start:end] = [ROLES_OF_SCOPES.get(scope)] * (end - start)
            del here[len(line) + 1 :]  # the engine counts the end of the line
            roles += here
        roles = blanked(text, roles[: len(text)])
        wanted = by_pygments(text)
        wrong = next((at for at, (a, b) in enumerate(zip(roles, wanted, strict=True)) if a != b), None)
        assert wrong is None, (path.name, text[max(0, wrong - 40) : wrong + 40], roles[wrong], wanted[wrong])

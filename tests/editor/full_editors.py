"""Neovim and Emacs as Debian has them: they attach, show a diagnostic, complete a value and rename a fact.

Needs both on the machine; `.ci/full` installs them where it may, and runs this.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from desk import CASES, POLICY, WORDS

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "how-to" / "write-in-an-editor.md").read_text(encoding="utf-8")
RECIPES = {"nvim": ("lua", "recipe.lua"), "emacs": ("lisp", "recipe.el")}
EDITORS = {
    "nvim": ["nvim", "--headless", "--clean", "-c", f"luafile {HERE / 'neovim.lua'}"],
    "emacs": [
        "emacs",
        "-q",
        "--batch",
        "-l",
        "package",
        "-f",
        "package-initialize",
        "-l",
        str(HERE / "emacs.el"),
    ],
}


@pytest.fixture(params=EDITORS)
def result(request, tmp_path):
    """What an editor did in a folder of policies, one of them with a mistake."""
    assert shutil.which(request.param), f"{request.param} is not on this machine"
    wrong = POLICY.replace("is refused", "is refusd").replace("# What is", "# 🚨 What is")
    for file, text in (("words", WORDS), ("local", wrong), ("cases", CASES)):
        (tmp_path / f"{file}.policy").write_text(text, encoding="utf-8")
    out = tmp_path / "result.json"
    kind, name = RECIPES[request.param]
    (recipe,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / name).write_text(recipe, encoding="utf-8")
    done = subprocess.run(
        EDITORS[request.param],
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "RECIPE": str(tmp_path / name),
            "RESULT": str(out),
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert out.exists(), done.stdout + done.stderr
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found.get("problem") is None, found["problem"] + done.stderr
    return found


def test_it_attaches_shows_a_diagnostic_completes_a_value_and_renames_a_fact(result):
    assert "`refusd` is not a value of `consent.status`" in json.dumps(result["diagnostics"])
    assert {"given", "refused", "not_sought"} <= set(result["offered"])
    assert result["completed"] == "  when consent.status is refused"
    assert "IS301" not in json.dumps(result["mended"])
    assert "is not a value" not in json.dumps(result["mended"])
    assert {name: text.count("consent.state is") for name, text in result["renamed"].items()} == {
        "words.policy": 0,
        "local.policy": 2,
        "cases.policy": 2,
    }
    assert 'state "the family' in result["renamed"]["words.policy"]

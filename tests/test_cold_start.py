"""A fresh process imports no more than its first decision needs; `benchmarks/cold_start.py` prints what that takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

DECIDING = """
from datetime import date
import infoshare
decision = infoshare.load("infoshare:cscp").decide({"consent": {"status": "given"}}, as_of=date(2026, 3, 2))
assert (decision.outcome, bool(decision.fired), decision.duties is not None) == ("share", True, True), decision
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process for which the package's bytecode is there, as installing it makes it."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    run(DECIDING, environment)
    return environment


def run(code: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=ROOT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_decision_does_without_what_takes_long_to_import(installed: dict[str, str]) -> None:
    before = "import sys; before = set(sys.modules)\n"
    brought = set(run(before + DECIDING + "print(*(set(sys.modules) - before))", installed).split())
    assert "infoshare.policy.load" in brought
    ours = ("cli", "explain", "casefile", "reports", "syntax.recovery", "syntax.faults", "syntax.lexical")
    others = {
        "lark",
        "argparse",
        "difflib",
        "hashlib",
        "pathlib",
        "importlib.metadata",
        "importlib.resources",
    }
    assert brought & ({f"infoshare.{name}" for name in ours} | others) == set()


def test_a_file_with_a_fault_brings_what_tells_it_and_not_lark(installed: dict[str, str]) -> None:
    code = """
import sys, infoshare
try:
    infoshare.load_sources({"p.policy": b'infoshare 1\\nconsnt a "A." share'}, main="p.policy")
except infoshare.PolicyError as error:
    print([fault.code for fault in error.diagnostics], "lark" in sys.modules)
"""
    codes, _, lark = run(code, installed).strip().rpartition(" ")
    assert codes.startswith("['IS1")
    assert lark == "False"


def test_a_command_imports_nothing_of_the_others(installed: dict[str, str]) -> None:
    code = """
import sys
from infoshare.cli import main
assert main(["decide", "infoshare:cscp", "examples/refused.json"]) == 0
print("modules", *(name for name in sys.modules if name.startswith("infoshare.")), sep="\\n")
"""
    brought = run(code, installed).partition("modules\n")[2].split()
    assert "infoshare.cli.decide" in brought
    others = ("infoshare.authoring", "infoshare.asking", "infoshare.scenarios", "infoshare.explain.aloud")
    assert [name for name in brought if name.startswith(others)] == []
    assert {name for name in brought if name.startswith("infoshare.cli.")} == {
        f"infoshare.cli.{name}"
        for name in ("arguments", "decide", "exit_codes", "files", "pretty", "terminal")
    }

"""The pytest plugin: scenarios of an author's own repository are tests, once that is asked for."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cli_samples import FAILING, PASSING, POLICY, write

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
MODULE = "infoshare.testing.pytest_plugin"
ASKED = "[pytest]\ninfoshare_scenarios = true\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Pytest in a folder with this plugin and no other."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", MODULE, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path):
    write(tmp_path / "policies" / "p.policy", POLICY)
    write(tmp_path / "policies" / "s.policy", 'infoshare 1\nuse "p.policy"\n' + PASSING + FAILING)
    write(tmp_path / "test_own.py", "def test_own():\n    pass\n")
    return tmp_path


def test_nothing_is_collected_unless_it_is_asked_for(repository):
    done = run(repository)
    assert done.returncode == 0
    assert "1 passed" in done.stdout


def test_scenarios_are_collected_where_the_configuration_asks_for_it(repository):
    write(repository / "pytest.ini", ASKED)
    done = run(repository, "-v")
    assert done.returncode == 1
    assert "policies/s.policy::The family agrees PASSED" in done.stdout
    assert "1 failed, 2 passed" in done.stdout


def test_scenarios_are_collected_where_the_command_asks_for_it_and_chosen_as_tests_are(repository):
    done = run(repository, "--infoshare-scenarios", "-k", "agrees")
    assert done.returncode == 0
    assert "1 passed, 2 deselected" in done.stdout


def test_a_failure_shows_what_was_expected_beside_what_was_decided_and_no_traceback(repository):
    done = run(repository, "--infoshare-scenarios", "policies")
    assert "! then      withhold  share" in done.stdout
    assert "why share" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_policy_that_cannot_be_loaded_is_an_error_that_says_why(repository):
    write(repository / "policies" / "bad.policy", "infoshare 1\nnonsense\n")
    done = run(repository, "--infoshare-scenarios")
    assert done.returncode == 2
    assert "error[IS101]" in done.stdout
    assert "bad.policy:2:1" in done.stdout


def test_a_used_file_may_lie_anywhere_in_the_repository(repository):
    write(repository / "other" / "more.policy", 'infoshare 1\nuse "../policies/p.policy"\n' + PASSING)
    done = run(repository, "--infoshare-scenarios", "--rootdir", str(repository), "other")
    assert done.returncode == 0, done.stdout


def test_pytest_finds_the_plugin_and_pygments_the_lexer_once_infoshare_is_installed():
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert entries["pytest11"] == {"infoshare": MODULE}
    assert entries["pygments.lexers"] == {"infoshare": "infoshare.authoring.pygments_lexer:PolicyLexer"}

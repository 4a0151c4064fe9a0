"""What a developer types against the package holds for type checkers."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_the_public_api_is_typed_for_mypy_strict(tmp_path):
    done = subprocess.run(
        [
            sys.executable, "-m", "mypy", "--strict", "--warn-unreachable", "--no-incremental",
            "--config-file", "", "--cache-dir", str(tmp_path), str(HERE / "typing" / "public_api.py"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_match_that_forgets_a_form_of_condition_fails_the_type_checker_as_the_project_runs_it(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text(
        "from infoshare.meaning.model import Among, Compare, Condition, Counted, Defined, Meets, Quantified, Ticked\n\n\n"
        "def is_simple(condition: Condition) -> bool:\n"
        "    match condition:\n"
        "        case Among() | Ticked() | Compare() | Meets():\n"
        "            return True\n"
        "        case Defined() | Quantified() | Counted():\n"
        "            return False\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            sys.executable, "-m", "mypy", "--config-file", str(HERE.parent / "pyproject.toml"),
            "--cache-dir", str(tmp_path / "cache"), str(sample),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent,
    )  # fmt: skip
    assert 'unhandled case for values of type "Not | All | infoshare.meaning.model.Any"' in done.stdout

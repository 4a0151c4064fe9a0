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

"""The package: what is in it, and that it works where nothing else is installed."""

import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import infoshare

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)\n```$", README, re.DOTALL | re.MULTILINE)


def run(*command: object, cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--sdist", "--outdir", folder, ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, unpacked, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


@pytest.mark.slow
def test_the_wheel_alone_decides_a_shipped_policy_in_an_empty_environment(built, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(
        programs / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        built[1],
        cwd=tmp_path,
    )
    installed = run(
        programs / "python",
        "-m",
        "pip",
        "list",
        "--format=freeze",
        "--disable-pip-version-check",
        cwd=tmp_path,
    )
    assert {line.partition("=")[0] for line in installed.splitlines()} - {"pip", "setuptools"} == {
        "attrs",
        "infoshare",
        "lark",
    }
    case = tmp_path / "case.json"
    case.write_bytes((ROOT / "examples" / "refused.json").read_bytes())
    told = run(
        programs / "infoshare", "decide", "infoshare:cscp", case, "--as-of", "2026-11-22", cwd=tmp_path
    )
    assert told.startswith("YES")


def test_the_source_distribution_holds_policies_examples_tests_and_documents(built):
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "policies/cscp.policy",
        "policies/vocabulary.policy",
        "examples/refused.json",
        "tests/test_packaging.py",
        "docs/language.md",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        ".ci/run",
    } <= names


def test_the_wheel_holds_the_policies_the_types_and_nothing_outside_the_package(built):
    with zipfile.ZipFile(built[1]) as archive:
        names = set(archive.namelist())
    assert {
        "infoshare/py.typed",
        "infoshare/policies/cscp.policy",
        "infoshare/policies/vocabulary.policy",
        "infoshare/examples/refused.json",
        "infoshare/playground/static/index.html",
        "infoshare/playground/static/codemirror.js",
    } <= names
    assert {name.partition("/")[0] for name in names} == {
        "infoshare",
        f"infoshare-{version('infoshare')}.dist-info",
    }
    assert f"infoshare-{version('infoshare')}.dist-info/licenses/LICENSE" in names


def test_the_container_is_built_from_all_that_the_package_is():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    lines = (ROOT / "deploy" / "Containerfile").read_text("utf-8").splitlines()
    copied = {part for line in lines if line.startswith("COPY ") for part in line.split()[1:-1]}
    assert copied >= {"pyproject.toml", "README.md", "LICENSE", "src", *told["force-include"]}


def test_the_version_is_written_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert infoshare.__version__ == project["version"] == version("infoshare")
    written = [
        path for path in (ROOT / "src").rglob("*.py") if f'"{project["version"]}"' in path.read_text("utf-8")
    ]
    assert written == []


def test_the_readme_has_exactly_two_commands():
    assert len(COMMANDS) == 2
    assert all(
        command.startswith("python3.11 -m venv .venv && ") and "\n" not in command for command in COMMANDS
    )


def test_ci_runs_the_test_command_of_the_readme_word_for_word():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == COMMANDS[1]


def test_the_decide_command_of_the_readme_names_files_that_are_there_and_says_yes():
    arguments = COMMANDS[0].rpartition("&& ")[2].split()
    assert arguments[0] == ".venv/bin/infoshare"
    assert run(sys.executable, "-m", "infoshare", *arguments[1:]).startswith("YES")


def test_every_link_of_the_documents_leads_to_a_file():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_extra_all_is_every_extra_that_a_user_may_want_but_spark():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (every,) = extras["all"]
    of_developers = {"test", "dev", "docs", "fuzz"}
    named = set(every.removeprefix("infoshare[").removesuffix("]").split(","))
    assert named == extras.keys() - of_developers - {"all", "spark"}

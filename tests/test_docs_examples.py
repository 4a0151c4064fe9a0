"""Everything in the documents that could run is run, or held against what runs; what is named there exists."""

import argparse
import json
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

import pytest

import infoshare
from infoshare.cli import main, parser
from kept import kept

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "fuzz" / "README.md",
        ROOT / "policies" / "README.md",
    ]
)
BLOCK = re.compile(r"^```([\w-]*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# Which test runs the blocks of a page. The kinds that are only held against what runs are said beside it.
RUN_BY = {
    "README.md": "test_docs_language.py",  # its two commands: test_packaging.py, and .ci/full in a clean clone
    "CONTRIBUTING.md": "test_docs_examples.py",  # .ci/full runs the same commands
    "fuzz/README.md": "test_docs_examples.py",  # likewise
    "docs/tutorial.md": "test_tutorial.py",
    "docs/language.md": "test_docs_language.py",
    "docs/decision.md": "test_docs_examples.py",
    "docs/wales.md": "test_docs_language.py",
    "docs/scotland.md": "test_docs_language.py",
    "docs/how-to/": "test_how_to.py",
    "docs/how-to/spark.md": "spark/agreement.py",
    "docs/codes/": "test_codes.py",
    "docs/api.md": "",  # Sphinx reads it: `sphinx-build -W` in .ci/full
    "docs/index.md": "",
}
CANNOT_RUN = {"text", ""}


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def blocks(page, kind):
    return [text for found, text in BLOCK.findall((ROOT / page).read_text("utf-8")) if found == kind]


def test_every_page_with_something_that_could_run_has_a_test_that_runs_it():
    for page in PAGES:
        kinds = {kind for kind, _ in BLOCK.findall(page.read_text("utf-8"))} - CANNOT_RUN
        tests = [test for start, test in RUN_BY.items() if name_of(page).startswith(start)]
        assert tests or not kinds, f"{name_of(page)}: {kinds}"
        for test in filter(None, tests):
            assert (ROOT / "tests" / test).exists()


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "fuzz/README.md"])
def test_the_full_checks_run_what_contributors_are_told_to_run(page):
    full = re.sub(r'"|\$\w+/|-q ', "", (ROOT / ".ci" / "full").read_text("utf-8"))
    installed = set(re.findall(r"\w+", " ".join(re.findall(r"pip install -e \.\[(.*?)\]", full))))
    commands = [command.strip() for block in blocks(page, "sh") for command in re.split(r"&&|\n", block)]
    for command in filter(None, commands):
        plain = (
            command.removeprefix(".venv/bin/").removeprefix("python -m ").replace("-q ", "").replace('"', "")
        )
        match plain.split():
            case ["pip", *_, extras]:
                assert set(re.findall(r"\w+", extras)) <= installed, command
            case [".ci/run"]:
                assert (ROOT / ".ci" / "run").exists()
            case ["ruff", "format", "."]:
                assert "ruff format --check ." in full
            case ["pytest", *_]:
                assert plain.removesuffix(" -m not slow") in full, "all tests, not the quick ones alone"
            case ["sphinx-build", *options, _]:
                assert " ".join(["sphinx-build", *options]) in full
            case _:
                assert plain in full, command


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_command_that_a_page_names_exists_with_the_options_that_it_names(page):
    (commands,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))
    for named in re.findall(r"`infoshare ((?:[a-z]+)[^`]*)`", page.read_text("utf-8")):
        word, *rest = named.split()
        assert word in commands.choices, named
        command = commands.choices[word]
        for inner in (each for each in command._actions if isinstance(each, argparse._SubParsersAction)):
            if rest and rest[0].islower():  # a word in capitals stands for any of them
                assert rest[0] in inner.choices, named
                command = inner.choices[rest[0]]
        for option in re.findall(r"(?<!\S)(--?[a-z][\w-]*)", named):
            assert option in command._option_string_actions, named


def test_the_readme_names_every_command_and_only_options_that_exist():
    (commands,) = (each for each in parser()._actions if isinstance(each, argparse._SubParsersAction))
    table = (ROOT / "README.md").read_text("utf-8").partition("## Commands")[2].partition("\n\nEach ")[0]
    rows = dict(re.findall(r"^\| `infoshare ([\w-]+)[^|]*\|(.*)\|$", table, re.MULTILINE))
    assert set(rows) == set(commands.choices)
    for word, told in rows.items():
        for option in re.findall(r"`(--?[a-z][\w-]*)", told):
            assert option in commands.choices[word]._option_string_actions, (word, option)


def test_the_modules_that_the_architecture_names_exist():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:authoring|meaning|syntax|cli|explain|asking|casefile)/\w*)`", page)
    assert len(named) > 10
    for module in named:
        path = ROOT / "src" / "infoshare" / module
        assert path.is_dir() or path.with_suffix(".py").exists() or path.with_suffix(".lark").exists(), module


def test_the_rooms_of_the_architecture_are_all_of_them():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for path in (ROOT / "src" / "infoshare").iterdir():
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py"):
            assert re.search(rf"`(?:infoshare\.)?{path.stem}[`/]", page), path.name


def test_the_floors_of_the_architecture_are_those_that_the_layer_checker_keeps():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(
        r"^\| \w+ \| (`.*?) \|", page.partition("## Floors")[2].partition("## ")[0], re.MULTILINE
    )
    floor = {name: number for number, row in enumerate(rows) for name in re.findall(r"`(\w+)/?`", row)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    named = [re.findall(r"\w+", layer) for layer in layers if layer != "__main__"]
    assert set(floor) == {name for layer in named for name in layer}
    order = [{floor[name] for name in layer} for layer in named]
    flat = [number for layer in order for number in sorted(layer)]
    assert flat == sorted(flat)


def test_the_files_that_contributors_are_sent_to_exist():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:src/infoshare/|\w+/)[\w/.-]*\.\w+)`", page)
    assert len(named) > 10
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "src" / "infoshare" / name).exists(), name


# --- docs/decision.md: shapes as they are ----------------------------------------------------------------

CASE = {
    "consent": {"status": "refused"},
    "concern": {"harm_to_child": "significant"},
    "item": [{"name": "GP letter"}],
}


def shape(value):
    """Keys and kinds of values, without what they are."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value)


def test_the_page_of_the_decision_lists_its_keys_in_order():
    page = (ROOT / "docs" / "decision.md").read_text("utf-8").partition("\n## ")[0]
    always, besides = (
        [
            key
            for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
            for key in re.findall(r"\w+", row)
        ]
        for table in page.split("| key | holds |")[1:]
    )
    day = date(2026, 11, 22)
    assert always == list(kept("cscp").decide(CASE, as_of=day).to_dict())
    assert always + besides == list(infoshare.load("infoshare:cscp").decide(CASE, as_of=day).to_dict())
    policy = infoshare.load(ROOT / "tests" / "regimes" / "ciss.policy")
    assert always + besides == list(policy.decide({}, as_of=day).to_dict())


def test_the_clause_that_the_page_of_the_decision_shows_has_the_shape_of_a_clause():
    shown = json.loads(blocks("docs/decision.md", "json")[0])
    decision = infoshare.load("infoshare:cscp").decide(CASE, as_of=date(2026, 11, 22))
    (clause,) = (each for each in decision.to_dict()["fired"] if each["clause"] == shown["clause"])
    assert shape(shown) == shape(clause)
    assert (shown["kind"], shown["effect"]) == (clause["kind"], clause["effect"])


def test_the_line_of_a_bad_case_that_the_page_of_the_decision_shows_is_printed(tmp_path, monkeypatch, capsys):
    shown = json.loads(blocks("docs/decision.md", "json")[-1])
    monkeypatch.chdir(tmp_path)
    Path("cases").mkdir()
    Path(shown["case"]).write_text('{"consnet": {"status": "refused"}}', encoding="utf-8")
    assert main(["decide", "infoshare:cscp", shown["case"], "--json"]) == 4
    printed = json.loads(capsys.readouterr().out)
    assert shape(shown) == shape(printed)
    assert shown["error"]["kind"] == printed["error"]["kind"]


# --- The site ---------------------------------------------------------------------------------------------


def test_what_the_site_is_made_of_is_kept_and_what_is_made_is_not():
    ignored = subprocess.run(
        ["git", "check-ignore", "docs/_build/index.html", "fuzz-findings/x", "docs/index.md"],
        capture_output=True, text=True, check=False, cwd=ROOT, encoding="utf-8",
    )  # fmt: skip
    if ignored.returncode != 128:  # 128: not a checkout, as in a source distribution
        assert ignored.stdout.split() == ["docs/_build/index.html", "fuzz-findings/x"]


def test_every_page_of_the_documents_has_its_place_in_the_site():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    tops = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    rooms = {f"{path.parent.name}/README" for path in (ROOT / "docs").glob("*/README.md")}
    listed = {
        line
        for block in re.findall(r"```\{toctree\}\n(.*?)```", index, re.DOTALL)
        for line in block.split("\n\n")[1].split()
    }
    assert listed == tops | rooms

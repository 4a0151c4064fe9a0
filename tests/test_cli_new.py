"""`infoshare new`: a starting point in which nothing has to be mended, and nothing is written over."""

from datetime import date

import pytest

import infoshare
from infoshare.authoring.formatting import lay_out
from infoshare.authoring.starting_point import starting_point
from infoshare.cli import main

NAMES = {"sharing.policy", "vocabulary.policy", "scenarios.policy", "README.md"}


def contents(folder):
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


def test_a_new_folder_holds_a_policy_a_vocabulary_a_scenario_and_a_page(tmp_path, capsys):
    assert main(["new", str(tmp_path / "ours")]) == 0
    assert set(contents(tmp_path / "ours")) == NAMES
    assert "infoshare test" in capsys.readouterr().out


def test_the_new_policy_has_one_clause_and_starts_today(tmp_path):
    main(["new", str(tmp_path)])
    policy = infoshare.load(tmp_path / "sharing.policy")
    assert [clause.name for clause in policy.model.clauses.values()] == ["ask_first"]
    assert policy.model.header.start == date.today()  # noqa: DTZ011
    assert policy.decide({"consent": {"status": "not_asked"}}).outcome == "seek_consent"


def test_nothing_is_found_in_it_its_scenario_passes_and_it_is_laid_out(tmp_path, capsys):
    main(["new", str(tmp_path)])
    assert main(["check", str(tmp_path)]) == 0, capsys.readouterr()
    assert main(["test", str(tmp_path)]) == 0
    assert "1 scenario: 1 passed" in capsys.readouterr().out
    assert main(["fmt", "--check", str(tmp_path)]) == 0


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_whatever_the_day_it_loads_and_is_laid_out(today):
    files = starting_point(today)
    sources = {name: text.encode() for name, text in files.items() if name.endswith(".policy")}
    policy = infoshare.load_sources(sources, main="sharing.policy")
    assert policy.model.header.start == today
    for name, data in sources.items():
        assert lay_out(name, data).data == data


@pytest.mark.parametrize("name", sorted(NAMES))
def test_nothing_is_written_over_and_nothing_else_is_made(tmp_path, capsys, name):
    (tmp_path / name).write_text("mine")
    assert main(["new", str(tmp_path)]) == 2
    assert contents(tmp_path) == {name: "mine"}
    assert "is there already" in capsys.readouterr().err


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path, capsys):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "README.md").symlink_to(tmp_path / "elsewhere")
    assert main(["new", str(tmp_path / "ours")]) == 2
    assert not (tmp_path / "elsewhere").exists()


def test_other_files_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["new", str(tmp_path)]) == 0
    assert contents(tmp_path)["notes.txt"] == "mine"


@pytest.mark.parametrize("name", ["file/inside", "a\0b"])
def test_a_folder_that_cannot_be_made_exits_with_two(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(["new", name]) == 2
    assert "error" in capsys.readouterr().err

"""Bad inputs at the door: used files that must not be read, and answers that must not be taken."""

import hashlib
import json
import os

import pytest

import infoshare
from cli_samples import write
from infoshare.cli import main

HEAD = 'infoshare 1\npolicy p "P"\n'
VOCABULARY = """\
facts about child "the child"
  age "the child's age" : number of years from 0 to 130
  seen "the child has been seen" : yes or no
  born_on "the day the child was born" : date
  mood "the child's mood" : one of calm, upset
  signs "signs of harm" : some of bruising, fear
  nickname "the child's nickname" : text

facts about each item "a piece of information"
  necessary "the purpose needs it" : yes or no

impossible too_calm "a child who was not seen cannot be said to be calm"
  when child.mood is calm and not child.seen

rule show "It is shared." share
"""


@pytest.fixture
def policy(tmp_path):
    return write(tmp_path / "p.policy", HEAD + VOCABULARY)


def checked(path, capsys) -> tuple[int, set[str], str]:
    code = main(["check", str(path), "--format", "json"])
    out, err = capsys.readouterr()
    found = json.loads(out)["diagnostics"] if out else []
    return code, {each["code"] for each in found if each["severity"] == "error"}, out + err


# --- used files -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../../etc/passwd", "../outside.policy", "sub/../../outside.policy"])
def test_a_used_file_outside_the_root_is_refused(path, tmp_path, capsys):
    write(tmp_path / "outside.policy", "infoshare 1\n")
    write(tmp_path / "in" / "sub" / "x.policy", "infoshare 1\n")
    name = write(tmp_path / "in" / "p.policy", f'{HEAD}use "{path}"\n')
    assert checked(name, capsys)[:2] == (3, {"IS804"})


def test_a_folder_whose_name_begins_like_the_root_is_outside_it(tmp_path, capsys):
    write(tmp_path / "policies" / "x.policy", "infoshare 1\n")
    name = write(tmp_path / "pol" / "p.policy", f'{HEAD}use "../policies/x.policy"\n')
    assert checked(name, capsys)[:2] == (3, {"IS804"})


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "~/x.policy",
        "file:///etc/passwd",
        "http://localhost/x.policy",
        "//host/x",
        "C:x.policy",
        "",
    ],
)
def test_a_path_that_is_not_relative_is_refused(path, tmp_path, capsys):
    name = write(tmp_path / "p.policy", f'{HEAD}use "{path}"\n')
    assert checked(name, capsys)[:2] == (3, {"IS805"})


def test_a_link_that_leads_outside_is_refused(tmp_path, capsys):
    write(tmp_path / "out" / "x.policy", "infoshare 1\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.policy").symlink_to(tmp_path / "out" / "x.policy")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    for path in ("link.policy", "folder/x.policy"):
        name = write(tmp_path / "in" / "p.policy", f'{HEAD}use "{path}"\n')
        assert checked(name, capsys)[:2] == (3, {"IS804"})


def test_files_that_use_one_another_in_a_circle_are_an_error_that_shows_it(tmp_path, capsys):
    write(tmp_path / "a.policy", f'{HEAD}use "b.policy"\n')
    write(tmp_path / "b.policy", 'infoshare 1\nuse "a.policy"\n')
    code, codes, said = checked(tmp_path / "a.policy", capsys)
    assert (code, codes) == (3, {"IS806"})
    assert "a.policy" in said
    assert "b.policy" in said


def test_a_file_that_uses_itself_is_an_error(tmp_path, capsys):
    name = write(tmp_path / "a.policy", f'{HEAD}use "a.policy"\n')
    assert checked(name, capsys)[:2] == (3, {"IS806"})


def test_each_file_is_read_once_however_many_use_it(tmp_path, monkeypatch):
    for number in range(30):
        uses = "".join(f'use "{each}.policy"\n' for each in (number + 1, number + 2))
        write(tmp_path / f"{number}.policy", (HEAD if number == 0 else "infoshare 1\n") + uses)
    for number in (30, 31):
        write(tmp_path / f"{number}.policy", f'infoshare 1\nsource s{number} "S"\n')
    read = []
    opening = os.open

    def counted(path, *flags, **options):
        read.append(path)
        return opening(path, *flags, **options)

    monkeypatch.setattr(os, "open", counted)
    assert infoshare.load(tmp_path / "0.policy").name == "p"
    assert len([path for path in read if str(path).endswith(".policy")]) == 32


def test_more_than_two_hundred_files_are_an_error(tmp_path, capsys):
    for number in range(201):
        write(tmp_path / f"u{number}.policy", f'infoshare 1\nsource s{number} "S"\n')
    uses = "".join(f'use "u{number}.policy"\n' for number in range(201))
    name = write(tmp_path / "p.policy", HEAD + uses)
    assert checked(name, capsys)[:2] == (3, {"IS807"})


def test_a_used_pipe_is_not_waited_for(tmp_path, capsys):
    os.mkfifo(tmp_path / "pipe.policy")
    name = write(tmp_path / "p.policy", f'{HEAD}use "pipe.policy"\n')
    assert checked(name, capsys)[:2] == (3, {"IS803"})


def test_a_used_folder_is_not_a_file(tmp_path, capsys):
    (tmp_path / "folder.policy").mkdir()
    write(tmp_path / "folder.policy" / "x.txt", "")
    name = write(tmp_path / "p.policy", f'{HEAD}use "folder.policy"\n')
    assert checked(name, capsys)[:2] == (3, {"IS803"})


def test_a_device_is_not_read(capsys):
    code, codes, _ = checked("/dev/zero", capsys)
    assert (code, codes) == (2, {"IS803"})


def test_a_file_under_two_spellings_is_one_file(tmp_path):
    write(tmp_path / "sub" / "y.policy", "infoshare 1\n" + VOCABULARY)
    (tmp_path / "link.policy").symlink_to(tmp_path / "sub" / "y.policy")
    uses = 'use "sub/y.policy"\nuse "./sub/y.policy"\nuse "sub/../sub/y.policy"\nuse "link.policy"\n'
    policy = infoshare.load(write(tmp_path / "p.policy", HEAD + uses))
    assert len([fact for fact in policy.facts if fact.path == "child.age"]) == 1


def test_a_policy_of_more_than_eight_megabytes_is_an_error(tmp_path, capsys):
    name = write(tmp_path / "p.policy", HEAD + "#" * (8 * 1024 * 1024))
    assert checked(name, capsys)[:2] == (3, {"IS802"})


def test_the_digest_does_not_depend_on_where_the_files_lie(tmp_path):
    digests = set()
    for folder in ("one", "two"):
        write(tmp_path / folder / "words.policy", "infoshare 1\n" + VOCABULARY)
        name = write(tmp_path / folder / "p.policy", f'{HEAD}use "words.policy"\n')
        digests.add(infoshare.load(name).decide({}).policy.digest)
    (digest,) = digests
    algorithm, _, value = digest.partition(":")
    assert algorithm == "sha256"
    assert len(value) == hashlib.sha256().digest_size * 2


# --- answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        *(
            ({"child": {"seen": answer}}, "child.seen")
            for answer in ("no", "yes", "false", "0", "", 0, 1, [], {}, 1.0)
        ),
        *(
            ({"child": {"age": answer}}, "child.age")
            for answer in ("7", 7.0, True, [7], -1, 131, 10**30, "unknown")
        ),
        *(
            ({"child": {"born_on": answer}}, "child.born_on")
            for answer in (
                "2025-02-29",
                "20260101",
                "2026-W01-1",
                "01/02/2026",
                "2026-01-01T00:00:00",
                20260101,
                " 2026-01-01",
            )
        ),
        *(
            ({"child": {"mood": answer}}, "child.mood")
            for answer in ("Calm", "calm ", "angry", "", True, ["calm"])
        ),
        *(
            ({"child": {"signs": answer}}, "child.signs")
            for answer in ("bruising", ["bruises"], [1], [["fear"]], {})
        ),
        *(({"child": {"nickname": answer}}, "child.nickname") for answer in (1, True, ["Al"], {})),
        ({"child": {"Age": 7}}, "child.Age"),
        ({"chlid": {"age": 7}}, "chlid"),
        ({"child": {"__class__": 1}}, "child.__class__"),
        ({"child": 7}, "child"),
        ({"child": [{"age": 7}]}, "child"),
        ({"item": {"necessary": True}}, "item"),
        ({"item": [1]}, "item"),
        ({"item": [{"necessary": True}]}, "item"),
        ({"item": [{"name": "x"}, {"name": "x"}]}, "item"),
        ({"item": [{"name": "x", "necesary": True}]}, 'item["x"].necesary'),
        ({"item": [{"name": "x", "necessary": "yes"}]}, 'item["x"].necessary'),
        ({"child": {"age": 7}, "child.age": 8}, "child.age"),
    ],
)
def test_an_answer_that_is_none_decides_nothing_and_its_path_is_told(policy, tmp_path, facts, path, capsys):
    assert main(["decide", policy, write(tmp_path / "c.json", facts)]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert path in err
    assert "error[IS4" in err


def test_everything_that_is_wrong_with_a_case_is_told_at_once(policy, tmp_path, capsys):
    facts = {"child": {"age": "7", "sen": True, "mood": "angry"}, "item": [{"name": "x", "necessary": 1}]}
    assert main(["decide", policy, write(tmp_path / "c.json", facts)]) == 4
    err = capsys.readouterr().err
    assert all(path in err for path in ("child.age", "child.sen", "child.mood", 'item["x"].necessary'))
    assert "did you mean `child.seen`?" in err or "did you mean `seen`?" in err
    assert "calm" in err


def test_null_absent_and_unsure_are_no_faults(policy, tmp_path, capsys):
    facts = {"child": {"age": None, "seen": "unsure", "signs": [], "mood": "unsure"}, "item": None}
    assert main(["decide", policy, write(tmp_path / "c.json", facts)]) == 0
    assert capsys.readouterr().err == ""


def test_a_case_that_is_impossible_is_told_why(policy, tmp_path, capsys):
    facts = {"child": {"mood": "calm", "seen": False}}
    assert main(["decide", policy, write(tmp_path / "c.json", facts)]) == 4
    assert "IS405" in capsys.readouterr().err


def test_no_message_repeats_an_answer(policy, tmp_path, capsys):
    facts = {
        "child": {
            "age": "Zebedee",
            "mood": "Zebedee",
            "born_on": "Zebedee",
            "signs": ["Zebedee"],
            "seen": "Zebedee",
        }
    }
    assert main(["decide", policy, write(tmp_path / "c.json", facts), "--json"]) == 4
    out, err = capsys.readouterr()
    assert "Zebedee" not in out + err

"""The catalogue of codes: every page is tried, so that what it shows is what people see."""

import re

import pytest

from infoshare import catalogue
from infoshare.cli import main
from infoshare.codes import CODES
from pages import CODE_PAGES, REWRITE, ROOT, blocks, expected, play, read_page, rewritten

SECTIONS = ["Example", "Why it matters", "What to write instead"]
# Its example is a fault of the program itself, tried further down.
TRIED = [code for code in CODES if code != "IS901"]


def page_of(code):
    return read_page(CODE_PAGES / f"{code}.md")


def test_every_code_has_a_page_and_every_page_a_code():
    assert {path.stem for path in CODE_PAGES.glob("IS*.md")} == set(CODES)


def test_every_code_is_told_somewhere_and_every_code_that_is_told_is_in_the_catalogue():
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py") if path.name != "codes.py"
    )
    assert set(re.findall(r'"(IS\d{3})"', source)) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_its_code_its_name_and_the_same_three_things_as_every_page(code):
    page = page_of(code)
    assert re.fullmatch(rf"{code} {CODES[code]}: [^.]+", page.title)
    assert page.headings == SECTIONS
    assert all(page.section(section).strip() for section in SECTIONS)


@pytest.mark.parametrize("code", TRIED)
def test_the_example_gives_its_code_alone_and_the_message_that_the_page_shows(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = page_of(code)
    found, rendered = play(page.section("Example"), tmp_path, check=code[2] in "56")
    assert {diagnostic.code for diagnostic in found} == {code}
    if REWRITE:
        rewritten(page, page.section("Example"), rendered)
    else:
        assert rendered == expected(page.section("Example"))


@pytest.mark.parametrize("code", TRIED)
def test_what_the_page_says_to_write_instead_has_nothing_wrong_with_it(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = page_of(code)
    instead = page.section("What to write instead")
    kinds = {block.kind for block in blocks(instead)}
    assert kinds
    # A page about a case says its policy once; one about files, those that stay as they are.
    policies = re.findall(r"^```policy.*?^```$", page.section("Example"), re.DOTALL | re.MULTILINE)
    if "policy" in kinds:
        policies = [
            policy for policy in policies if not policy.startswith("```policy\n") and "escaped" not in policy
        ]
    assert play("\n".join(policies) + "\n" + instead, tmp_path, check=code[2] in "56") == ((), "")


def test_the_page_of_a_fault_of_the_program_shows_what_the_program_says(capsys, monkeypatch):
    def fail(*_, **__):
        exec(compile("1 / 0", "load.py", "exec"), {"__name__": "infoshare.load"})

    monkeypatch.setattr("infoshare.cli.decide.policy_of", fail)
    monkeypatch.setattr("infoshare.cli._version", lambda: "1.0.0")
    monkeypatch.delenv("INFOSHARE_TRACEBACK", raising=False)
    assert main(["decide", "example.policy", "case.json"]) == 70
    page = page_of("IS901")
    said = capsys.readouterr().err
    if REWRITE:
        rewritten(page, page.section("Example"), said)
    else:
        assert said == expected(page.section("Example"))


def test_the_index_lists_every_code_with_its_title():
    index = (CODE_PAGES / "README.md").read_text(encoding="utf-8")
    for code, name in CODES.items():
        assert f"* [{code}]({code}.md) {name}: {catalogue.title(code)}\n" in index


def test_a_code_is_found_by_its_number_and_by_its_name_however_they_are_typed():
    assert catalogue.find("IS201") == catalogue.find(" is201 ") == catalogue.find("Unknown-Fact") == "IS201"
    assert catalogue.find("IS999") is None


def test_the_pages_are_found_inside_the_package_where_there_is_no_checkout(tmp_path, monkeypatch):
    (tmp_path / "codes_pages").mkdir()
    monkeypatch.setattr(catalogue.resources, "files", lambda _: tmp_path)
    assert catalogue.pages_folder() == tmp_path / "codes_pages"


def test_the_wheel_takes_the_pages_along():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"docs/codes" = "infoshare/codes_pages"' in project


def test_the_command_prints_the_page_without_the_marks_of_markdown(capsys):
    assert main(["code", "IS201"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("IS201 unknown-fact: ")
    assert "    error[IS201] unknown-fact: " in out
    assert "```" not in out and "\n#" not in out


def test_the_command_takes_several_codes_and_their_names(capsys):
    assert main(["code", "is201", "wrong-type"]) == 0
    out = capsys.readouterr().out
    assert "IS201 unknown-fact: " in out and "\nIS302 wrong-type: " in out


def test_the_command_alone_lists_every_code(capsys):
    assert main(["code"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("IS")] == [
        [code, f"{name}:"] for code, name in CODES.items()
    ]


@pytest.mark.parametrize(
    ("asked", "offered"), [("IS210x", "IS210"), ("unknwon-fact", "unknown-fact"), ("I201", "IS201")]
)
def test_an_unknown_code_exits_with_two_and_offers_the_nearest(asked, offered, capsys):
    assert main(["code", asked]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"did you mean {offered}?" in err


def test_a_code_that_is_like_no_other_says_how_to_see_them_all(capsys):
    assert main(["code", "\x1b[2J"]) == 2
    err = capsys.readouterr().err
    assert "infoshare code" in err
    assert "\x1b" not in err


def test_every_help_and_message_on_the_pages_is_free_of_the_words_of_programs():
    jargon = re.compile(
        r"\b(str|int|bool|dict|tuple|None|NoneType|token|parser?|syntax error|invalid|illegal|exception:)\b"
    )
    said = {code: expected(page_of(code).section("Example")) for code in TRIED}
    assert {code: found[0] for code, text in said.items() if (found := jargon.search(text))} == {}

"""Cases in YAML: the core schema of 1.2, and nothing that a case does not need."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_samples import POLICY, SHARE, write
from infoshare.casefile import read_case
from infoshare.cli import main
from steps import grows_in_step, steps


def read(text: str) -> object:
    case, diagnostics = read_case(text.encode(), "case.yaml", "yaml")
    assert diagnostics == ()
    return case


def refused(text: str) -> tuple[str, str]:
    case, diagnostics = read_case(text.encode(), "case.yaml", "yaml")
    assert case is None
    (diagnostic,) = diagnostics
    return diagnostic.code, diagnostic.message


def test_a_case_in_yaml_is_the_same_mapping_as_in_json():
    text = """\
# what is known
case: A 1
consent:
  status: refused
  by:
item:
  - name: GP letter
    necessary: true
    recorded_on: 2026-01-31
  - {name: "12", pages: 3}
"""
    assert read(text) == {
        "case": "A 1",
        "consent": {"status": "refused", "by": None},
        "item": [
            {"name": "GP letter", "necessary": True, "recorded_on": "2026-01-31"},
            {"name": "12", "pages": 3},
        ],
    }


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "y", "n", "No", "NO"])
def test_no_and_yes_are_words_and_not_answers_of_yes_or_no(word):
    assert read(f"a: {word}") == {"a": word}


def test_a_word_for_a_yes_or_no_fact_is_an_error_that_says_what_to_write(tmp_path, capsys):
    policy = write(tmp_path / "p.policy", POLICY)
    assert main(["decide", policy, write(tmp_path / "c.yaml", "concern: {serious: no}")]) == 4
    assert "write true or false" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value"), [("7", 7), ("-7", -7), ("7.0", 7.0), ("1e2", 100.0), ("'7'", "7"), ('"7"', "7")]
)
def test_numbers_and_text_keep_the_way_they_were_written(text, value):
    case = read(f"a: {text}")
    assert case == {"a": value}
    assert type(case["a"]) is type(value)


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL", ""])
def test_nothing_is_null(text):
    assert read(f"a: {text}") == {"a": None}


@pytest.mark.parametrize("text", ["007", "0x1F", "0o17", "0b1", "1_000", "+5", "12:30:45", ".5", "5."])
def test_a_number_in_disguise_is_an_error(text):
    assert refused(f"a: {text}")[0] == "IS410"


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.Inf", "1e400"])
def test_what_is_no_number_is_an_error(text):
    assert refused(f"a: {text}")[0] == "IS410"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: &x 1\nb: 2", "an anchor at line 1, column 4"),
        ("a: &x {b: 1}", "an anchor"),
        ("&x a: 1", "an anchor"),
        ("a: {<<: {b: 1}}", "a merge key (<<) at line 1, column 5"),
        ("a: !!int 3", "a tag"),
        ("a: !thing 3", "a tag"),
        ("!!map {a: 1}", "a tag"),
        ("!x a: 1", "a tag"),
        ("%YAML 1.2\n---\na: 1", "a directive"),
        ("%TAG ! tag:x,2000:\n---\na: 1", "a directive"),
        ("a: 1\n---\nb: 2", "a second document at line 2"),
        ("? [a]\n: 1", "a name that is a list or a mapping"),
        ("? {a: 1}\n: 1", "a name that is a list or a mapping"),
        ("true: 1", "a name that is no word"),
        ("7: 1", "a name that is no word"),
        (": 1", "a name that is no word"),
    ],
)
def test_what_a_case_does_not_need_is_refused_with_its_place(text, what):
    code, message = refused(text)
    assert code == "IS412"
    assert message.startswith(what)


def test_aliases_are_refused_before_anything_is_built():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert refused(bomb)[0] == "IS412"
    assert steps(lambda: refused(bomb)) < 100 * len(bomb), "an alias that is followed doubles at each letter"


def test_a_key_given_twice_is_an_error_with_its_path():
    case, (diagnostic,) = read_case(b"a:\n  b: 1\n  b: 2\n", "c.yaml", "yaml")
    assert case is None
    assert (diagnostic.code, diagnostic.path) == ("IS403", "a.b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "---\n...\n",
        "- a\n",
        "word",
        "7",
        "a: [",
        "a: 'x",
        "@",
        "a: \t- b",
        "a: b: c",
        "\x07",
    ],
)
def test_what_is_no_case_is_an_error(text):
    assert refused(text)[0] == "IS412"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 50_000, "- " * 100_000, "a: " + "[" * 65 + "]" * 65]
)
def test_endless_nesting_is_an_error(text):
    assert refused(text)[0] in {"IS409", "IS412"}


@pytest.mark.parametrize("opening", ["{a: ", "- "])
def test_endless_nesting_takes_no_more_than_its_length(opening):
    assert grows_in_step(lambda levels: refused(opening * levels), 1_000)


def test_a_case_that_is_too_large_is_an_error():
    assert refused("a: " + "x" * 300_000) == ("IS802", "a case in YAML is at most 256 kB")


def test_half_a_character_is_an_error():
    assert refused('a: "\\ud800"')[0] == "IS410"


@given(st.text(max_size=60))
def test_whatever_the_text_nothing_is_raised(text):
    case, diagnostics = read_case(text.encode("utf-8", "surrogatepass"), "c.yaml", "yaml")
    assert (case is None) is bool(diagnostics)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.text(st.characters(codec="ascii", exclude_categories=["Cc"]))),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.from_regex("[a-z]{1,5}", fullmatch=True), inner, max_size=3)),
        max_leaves=8,
    )
)  # fmt: skip
def test_json_is_yaml_and_reads_as_the_same(value):
    text = json.dumps({"a": value})
    assert read(text) == json.loads(text)


def test_the_command_line_reads_it(tmp_path, capsys):
    policy = write(tmp_path / "p.policy", POLICY)
    case = "consent: {status: refused}\nconcern:\n  serious: true\n"
    assert main(["decide", policy, write(tmp_path / "c.yml", case), "--json", "--as-of", "2026-11-22"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "share"
    assert SHARE["consent"] == {"status": "refused"}

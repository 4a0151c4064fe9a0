"""Reading case files: what they hold when they are right, and what is said when they are not."""

import json
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoshare.casefile import SIZE_LIMIT, format_of, read_case
from steps import grows_in_step


def faults(data: bytes, format: str = "json") -> list[tuple[str, str | None]]:
    case, diagnostics = read_case(data, "case", format)
    assert case is None
    assert diagnostics
    return [(diagnostic.code, diagnostic.path) for diagnostic in diagnostics]


def read(data: bytes, format: str = "json") -> dict:
    case, diagnostics = read_case(data, "case", format)
    assert diagnostics == ()
    return case


def test_a_json_case_is_a_mapping_of_its_groups():
    text = b'{"case": "A 1", "consent": {"status": "refused", "by": null}, "item": [{"name": "GP letter"}]}'
    assert read(text) == {
        "case": "A 1",
        "consent": {"status": "refused", "by": None},
        "item": [{"name": "GP letter"}],
    }


def test_what_is_read_is_plain_dicts_lists_and_answers_only():
    case = read(b'{"item": [{"name": "x", "necessary": true}]}')
    assert type(case) is dict
    assert type(case["item"]) is list
    assert type(case["item"][0]) is dict


def test_a_toml_case_is_the_same_mapping_and_its_dates_are_dates():
    text = (
        b'case = "A 1"\nconsent.status = "refused"\n[[item]]\nname = "GP letter"\nrecorded_on = 2026-01-31\n'
    )
    assert read(text, "toml") == {
        "case": "A 1",
        "consent": {"status": "refused"},
        "item": [{"name": "GP letter", "recorded_on": date(2026, 1, 31)}],
    }


def test_the_suffix_of_a_name_says_the_format_and_json_is_meant_otherwise():
    assert format_of("a/b.JSON") == "json"
    assert format_of("b.toml") == "toml"
    assert format_of("b.yml") == format_of("b.yaml") == "yaml"
    assert format_of("b") == format_of(".toml") == "json"


def test_a_byte_order_mark_is_accepted():
    assert read(b"\xef\xbb\xbf{}") == {}


def test_a_case_in_yaml_without_the_extra_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "infoshare.casefile.yaml_text", None)
    case, (diagnostic,) = read_case(b"a: 1", "a.yaml", "yaml")
    assert case is None
    assert diagnostic.code == "IS412"
    assert "infoshare[yaml]" in diagnostic.help[0]
    assert "JSON or TOML" in diagnostic.help[1]


def test_a_key_given_twice_is_an_error_with_its_path():
    assert faults(b'{"consent": {"status": "given", "status": "refused"}}') == [("IS403", "consent.status")]
    assert faults(b'{"consent": {}, "consent": {}}') == [("IS403", "consent")]


def test_a_key_given_twice_in_an_element_names_the_element():
    text = b'{"item": [{"name": "GP letter", "necessary": true, "necessary": false}]}'
    assert faults(text) == [("IS403", 'item["GP letter"].necessary')]
    assert faults(b'{"item": [{}, {"necessary": true, "necessary": true}]}') == [
        ("IS403", "item[2].necessary")
    ]


def test_every_fault_is_reported_at_once_in_the_order_of_the_file():
    text = b'{"a": {"x": NaN, "x": 1, "y": 1e400}, "b": "\\ud800", "c": -Infinity}'
    assert faults(text) == [
        ("IS410", "a.x"),
        ("IS403", "a.x"),
        ("IS410", "a.y"),
        ("IS410", "b"),
        ("IS410", "c"),
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 5000])
def test_a_number_that_is_none_or_too_large_to_hold_is_an_error(number):
    assert faults(b'{"child": {"age": %s}}' % number.encode()) == [("IS410", "child.age")]


def test_numbers_keep_the_way_they_were_written():
    case = read(b'{"a": {"point": 18.0, "whole": 18, "minus": -0, "long": 123456789012345678901234567890}}')
    assert type(case["a"]["point"]) is float
    assert type(case["a"]["whole"]) is int
    assert case["a"]["minus"] == 0
    assert case["a"]["long"] == 123456789012345678901234567890
    assert read(b'{"a": 9007199254740993}')["a"] == 2**53 + 1


@pytest.mark.parametrize("text", [b'{"a": "\\ud800"}', b'{"a": "x\\udfffy"}', b'{"a": ["\\udc00"]}'])
def test_half_a_character_in_an_answer_is_an_error(text):
    assert [code for code, _ in faults(text)] == ["IS410"]


def test_half_a_character_in_a_name_is_an_error_and_its_path_can_be_printed():
    ((code, path),) = faults(b'{"\\ud800": 1}')
    assert code == "IS410"
    assert path.encode("utf-8")


def test_a_whole_pair_of_surrogates_is_one_character():
    assert read(b'{"a": "\\ud83d\\ude00"}') == {"a": "\U0001f600"}


@pytest.mark.parametrize("text", ["[]", "1", '"x"', "null", "true", "1.5"])
def test_what_is_not_an_object_is_not_a_case(text):
    assert faults(text.encode()) == [("IS412", None)]


@pytest.mark.parametrize(
    "text", ["", "  \n", "{", '{"a": 1,}', "{'a': 1}", '{"a": 1} x', '{"a": "', "\0", '{"a": 01}']
)
def test_text_that_is_not_json_is_an_error(text):
    assert faults(text.encode()) == [("IS412", None)]


@pytest.mark.parametrize("text", ["a", "a = ", "a = 1\na = 2", "[a]\n[a]", 'a = "', "a = 2026-02-30", "\0"])
def test_text_that_is_not_toml_is_an_error(text):
    assert faults(text.encode(), "toml") == [("IS412", None)]


def test_a_time_in_toml_is_not_a_day():
    text = b"a.on = 2026-01-31T10:00:00\na.at = 10:00:00\na.n = nan\na.i = inf\n"
    assert faults(text, "toml") == [("IS410", "a.on"), ("IS410", "a.at"), ("IS410", "a.n"), ("IS410", "a.i")]


def test_a_whole_number_of_very_many_digits_in_toml_is_an_error():
    assert faults(b"a = " + b"9" * 5000, "toml") == [("IS410", None)]


@pytest.mark.parametrize(
    "data", [b"\xff\xfe{\x00}\x00", b'{"a": "\xe9"}', b'{"a": "\xc0\xaf"}', b'{"a": "\xe2\x82']
)
@pytest.mark.parametrize("format", ["json", "toml"])
def test_bytes_that_are_not_utf_8_are_an_error(data, format):
    assert faults(data, format) == [("IS801", None)]


def test_a_case_of_more_than_eight_megabytes_is_an_error():
    assert faults(b" " * (SIZE_LIMIT + 1)) == [("IS802", None)]


@pytest.mark.parametrize("levels", [65, 1_000, 100_000])
@pytest.mark.parametrize(
    ("format", "head", "opening", "closing"),
    [
        ("json", "", "[", "]"),
        ("json", "", '{"a":', "}"),
        ("toml", "a = ", "[", "]"),
        ("toml", "a = ", "{a = ", "}"),
        ("toml", "", "a.", ""),
        ("toml", "", '"a".', ""),
    ],
)
def test_deep_nesting_is_an_error(levels, format, head, opening, closing):
    text = f"{head}{opening * levels}{closing * levels}".encode()
    assert [code for code, _ in faults(text, format)] == ["IS409"]


def test_nesting_up_to_the_limit_is_read():
    text = '{"a":' * 63 + "{}" + "}" * 63
    assert "a" in read(text.encode())


def test_tables_and_keys_that_nest_too_deep_together_are_an_error():
    text = f"[{'.'.join('a' * 40)}]\n{'.'.join('b' * 40)} = 1\n"
    assert [code for code, _ in faults(text.encode(), "toml")] == ["IS409"]


def test_brackets_and_points_inside_text_do_not_nest():
    many = "[{." * 100
    assert read(json.dumps({"a": many}).encode()) == {"a": many}
    quotes = f"a = \"{many}\"\nb = '{many}'\nc = \"\"\"{many}\"\"\"\nd = '''{many}''' # {many}\n"
    assert read(quotes.encode(), "toml") == dict.fromkeys("abcd", many)


@pytest.mark.parametrize("piece", ['"\\"', '"', "'", '"""\\', "a", "\\", "[", '{"a":', "a."])
@pytest.mark.parametrize("format", ["json", "toml"])
def test_odd_text_costs_no_more_than_its_length(piece, format):
    assert faults((piece * 49_999).encode(), format)
    assert grows_in_step(lambda pieces: faults((piece * pieces).encode(), format), 2_001)


def test_no_message_repeats_an_answer():
    _, diagnostics = read_case(b'{"a": {"secret": "Zebedee\\ud800", "secret": "Zebedee"}}', "case", "json")
    assert not any("Zebedee" in diagnostic.message for diagnostic in diagnostics)


@given(
    st.binary(max_size=200)
    | st.text(alphabet='{}[]",:.=#\\\'tfn01eE-+ \n\ud800"', max_size=60).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
)
def test_nothing_raises_whatever_the_bytes(data):
    for format in ("json", "toml", "yaml"):
        case, diagnostics = read_case(data, "case", format)
        assert (case is None) == bool(diagnostics)


_answers = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3)


@given(st.dictionaries(st.text(), st.dictionaries(st.text(), _answers, max_size=3) | _answers, max_size=3))
def test_what_was_written_as_json_is_read_back(case):
    assert read(json.dumps(case).encode()) == case

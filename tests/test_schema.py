"""JSON Schema of the cases, held against the strict reader both ways."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare
from infoshare.meaning import facts as reading
from infoshare.meaning.schema import ASSUMED, DIALECT
from small import FACTS, load

ROOT = Path(__file__).parent.parent
POLICY = load(FACTS + 'rule r_1 "R." share when a.yes_1\n')
SHIPPED = ["cscp", "hmg-2018", "hmg-2024", "england-2026"]


def validator(policy: infoshare.Policy) -> jsonschema.Draft202012Validator:
    schema = policy.case_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


SMALL = validator(POLICY)


def accepts(case: object) -> bool:
    return SMALL.is_valid(case)


def reads(case: object) -> bool:
    return not reading.read(POLICY.model, case).diagnostics


@pytest.mark.parametrize("name", SHIPPED)
def test_the_schema_of_every_shipped_policy_is_a_schema_and_plain_data(name):
    schema = infoshare.load(f"infoshare:{name}").case_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("name", SHIPPED)
def test_every_example_that_a_shipped_policy_reads_is_accepted_by_its_schema_and_no_other(name):
    policy = infoshare.load(f"infoshare:{name}")
    valid = validator(policy)
    for path in sorted((ROOT / "examples").glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        assert valid.is_valid(case) is (not reading.read(policy.model, case).diagnostics), path.name


def test_examples_in_toml_are_accepted_too_once_their_dates_are_text():
    valid = validator(infoshare.load("infoshare:cscp"))
    for path in sorted((ROOT / "examples").glob("*.toml")):
        case = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))
        assert valid.is_valid(case), path.name


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"case": "A 1"},
        {"a": None, "item": None},
        {"a": {"yes_1": True, "level": "low", "signs": ["fear"], "age": 7, "day": "2024-02-29", "note": ""}},
        {"a": {"yes_1": None, "level": "unsure", "signs": "unsure", "age": "unsure", "day": "unsure"}},
        {"a.yes_1": False, "a": {"yes_1": None}},
        {"a.yes_1": None, "a": {"yes_1": True}},
        {"a.yes_1": True, "a": {"yes_2": True}},
        {"item": []},
        {"item": "unsure"},
        {"item": [{"name": "x", "necessary": True, "dated": None}, {"name": "y"}]},
        {"a": {"age": 0, "count": -(2**53 - 1), "other": 2**53 - 1}},
    ],
)
def test_what_a_case_may_say_is_accepted(case):
    assert accepts(case)
    assert reads(case)


@pytest.mark.parametrize(
    "case",
    [
        [],
        "x",
        None,
        {"b": {}},
        {"A": {}},
        {"a": []},
        {"a": "unsure"},
        {"a": {"yes_4": True}},
        {"a.yes_4": True},
        {"item.necessary": True},
        {"case": 7},
        {"case": None},
        {"a": {"yes_1": "yes"}},
        {"a": {"yes_1": 1}},
        {"a": {"level": "Low"}},
        {"a": {"level": ["low"]}},
        {"a": {"signs": ["fear", "fear"]}},
        {"a": {"signs": ["none"]}},
        {"a": {"signs": "fear"}},
        {"a": {"age": "7"}},
        {"a": {"age": 7.5}},
        {"a": {"age": True}},
        {"a": {"age": 131}},
        {"a": {"age": -1}},
        {"a": {"count": 2**53}},
        {"a": {"day": "2025-02-29"}},
        {"a": {"day": "1900-02-29"}},
        {"a": {"day": "0000-01-01"}},
        {"a": {"day": "2026-04-31"}},
        {"a": {"day": "2026-1-1"}},
        {"a": {"day": "2026-01-01\n"}},
        {"a": {"day": "2026-01-01T00:00:00"}},
        {"a": {"note": 7}},
        {"a.yes_1": True, "a": {"yes_1": True}},
        {"a.yes_1": "unsure", "a": {"yes_1": True}},
        {"item": {}},
        {"item": [{}]},
        {"item": [{"name": None}]},
        {"item": [{"name": "x", "owner": "y"}]},
        {"item": ["x"]},
        {"item": [{"name": str(n)} for n in range(1001)]},
    ],
)
def test_what_a_case_may_not_say_is_refused(case):
    assert not accepts(case)
    assert not reads(case)


@pytest.mark.parametrize("year", [4, 96, 100, 400, 1600, 1900, 2000, 2023, 2024, 2100, 2400, 9996])
def test_29_february_is_accepted_in_leap_years_only(year):
    case = {"a": {"day": f"{year:04}-02-29"}}
    assert accepts(case) is reads(case) is (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def test_what_json_schema_has_no_words_for_is_left_to_the_reader():
    same_name = {"item": [{"name": "x"}, {"name": "x", "old": True}]}
    assert accepts(same_name)
    assert not reads(same_name)
    point = {"a": {"age": 7.0}}
    assert accepts(point)
    assert not reads(point)


def test_what_is_asked_and_how_answers_are_called_is_in_the_schema():
    schema = infoshare.load("infoshare:cscp").case_schema()
    status = schema["properties"]["consent"]["properties"]["status"]
    assert status["description"] == "Has agreement to share been given?"
    assert {"const": "cannot_be_given", "title": "nobody is able to agree"} in status["anyOf"]


def test_an_assumption_is_told_and_is_no_default():
    schema = infoshare.load("infoshare:cscp").case_schema()
    bar = schema["properties"]["sharing"]["properties"]["prohibited_by_law"]
    assert bar[ASSUMED] is False
    assert '"default"' not in json.dumps(schema)


def test_a_schema_is_the_callers_own():
    POLICY.case_schema()["properties"].clear()
    assert POLICY.case_schema()["properties"]


# --- both ways, on anything -----------------------------------------------------------------

_JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-200, 200),
    st.sampled_from(
        [2**53, -(2**53), 1.5, "", "low", "unsure", "yes", "fear", "2026-01-31", "2026-02-30", "2026-1-1"]
    ),
    st.text(max_size=3),
    st.lists(st.sampled_from(["fear", "hunger", "low", 1]), max_size=2),
    st.dictionaries(st.sampled_from(["name", "yes_1"]), st.booleans(), max_size=1),
)
_RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "yes_1": st.booleans(),
    "level": st.sampled_from(["low", "middle", "high"]),
    "signs": st.lists(st.sampled_from(["bruising", "fear", "hunger"]), unique=True),
    "age": st.integers(0, 130),
    "count": st.integers(-(2**53) + 1, 2**53 - 1),
    "day": st.dates().map(lambda day: day.isoformat()),
    "note": st.text(max_size=5),
}


def _facts(
    names: list[str], *, right: dict[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    own = {
        name: st.one_of(right.get(name, _JUNK), right.get(name, _JUNK), right.get(name, _JUNK), _JUNK)
        for name in names
    }
    return st.fixed_dictionaries({}, optional=own)


_ELEMENT = _facts(["name", "necessary", "old", "dated", "nonsense"], right={
    "name": st.sampled_from(["x", "y", "z"]), "necessary": st.booleans(), "old": st.booleans(), "dated": _RIGHT["day"],
})  # fmt: skip
_CASES = st.fixed_dictionaries(
    {},
    optional={
        "case": st.one_of(st.text(max_size=3), _JUNK),
        "a": st.one_of(_facts([*_RIGHT, "nonsense"], right=_RIGHT), _facts([*_RIGHT], right=_RIGHT), _JUNK),
        "a.yes_1": st.one_of(st.booleans(), st.none()),
        "a.level": st.one_of(_RIGHT["level"], _JUNK),
        "item": st.one_of(st.lists(_ELEMENT, max_size=3), _JUNK),
        "item.old": st.booleans(),
        "b": _JUNK,
    },
)


@settings(max_examples=600)
@given(_CASES)
def test_the_schema_accepts_what_the_reader_accepts_and_refuses_what_it_refuses(case):
    faults = {diagnostic.code for diagnostic in reading.read(POLICY.model, case).diagnostics}
    if faults == {"IS407"}:  # two elements of one name
        assert accepts(case)
    else:
        assert accepts(case) is (not faults)


def test_what_is_made_before_a_case_is_shows_no_place_but_what_is_said_while_nothing_is_answered():
    policy = infoshare.load_sources(
        {
            "p.policy": b"""infoshare 1
facts about consent "consent"
  by "whoever has the say" : one of child "the child", parent "a parent"
  status "..." : one of given "{consent.by} agrees", none "the agreement of {consent.by} is not there"
    ask "Does {consent.by} agree?"
""".replace(b"...", "…".encode())
        },
        main="p.policy",
    )
    (by, status) = policy.facts
    assert by.labels == {"child": "the child", "parent": "a parent"}
    assert status.labels == {
        "given": "the child or a parent agrees",
        "none": "the agreement of the child or a parent is not there",
    }
    assert status.question == "Does the child or a parent agree?"
    assert "{consent" not in json.dumps(policy.case_schema(), ensure_ascii=False)

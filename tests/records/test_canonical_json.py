"""Canonical JSON: RFC 8785, the part of I-JSON that records use, and nothing else read back."""

import json
import math
from collections import OrderedDict, UserDict
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from record_samples import body_of, refused
from record_signers import flipped

from infoshare.outcome import Outcome
from infoshare.records.body.model import Particulars
from infoshare.records.canonical import DEPTH_LIMIT, LARGEST, canonical, canonical_body, parse
from infoshare.records.errors import RecordError, VerificationError

VECTORS = json.loads((Path(__file__).parent.parent / "data" / "rfc8785-vectors.json").read_text("utf-8"))[
    "vectors"
]

# Few characters, each of a kind that orders or escapes differ for: controls, quotes, U+007F, two bytes, three bytes,
# beyond U+E000 in the first plane, and astral (whose UTF-16 begins below U+E000).
LETTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    '\x00\b\t\n\x0b\f\r\x1f "/\\<\x7f\x80\u00e9\u20ac\u2028\ud7ff\ue000\ufb33\uffff\U00010000\U0001f602\U0010ffff'
)
TEXTS = st.text(LETTERS, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=25,
)


def as_json_reads_it(text):
    """JSON as ECMAScript reads it, which knows no difference between 56.0 and 56."""
    return json.loads(
        text, parse_float=lambda number: int(float(number)) if float(number).is_integer() else float(number)
    )


def refusal(value):
    with pytest.raises(RecordError) as caught:
        canonical(value)
    (found,) = caught.value.diagnostics
    return found


def message(data):
    with pytest.raises(VerificationError) as caught:
        parse(data)
    (found,) = caught.value.diagnostics
    assert found.code == "IS704"
    return found.message


@pytest.mark.parametrize("vector", [v for v in VECTORS if v["name"] != "values"], ids=lambda v: v["name"])
def test_the_published_vectors_come_out_byte_for_byte(vector):
    assert canonical(as_json_reads_it(vector["input"])) == vector["output"].encode()
    assert canonical(parse(vector["output"].encode())) == vector["output"].encode()


def test_the_published_vector_of_values_comes_out_but_for_its_numbers_with_a_point():
    (vector,) = [v for v in VECTORS if v["name"] == "values"]
    value = json.loads(vector["input"])
    assert refusal(value).path == "numbers[0]"
    value["numbers"] = []
    start, _, rest = vector["output"].partition('"numbers":[')
    assert canonical(value).decode() == start + '"numbers":[]' + rest.partition("]")[2]


def test_names_are_ordered_as_in_section_3_2_3():
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(parse(canonical(dict.fromkeys(names)))) == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


@given(VALUES)
def test_what_is_written_is_what_the_package_rfc8785_writes(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_was_written_is_read_back(value):
    assert parse(canonical(value)) == value


@given(st.dictionaries(TEXTS, st.integers(0, 9), min_size=2))
def test_the_order_in_which_names_were_given_makes_no_difference(value):
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(st.binary(max_size=40) | TEXTS.map(str.encode) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_read_is_the_one_form_of_what_it_says(data):
    try:
        value = parse(data)
    except VerificationError:
        return
    assert rfc8785.dumps(value) == data


def test_subclasses_of_text_and_objects_are_what_they_hold_and_a_tuple_is_a_list():
    assert (
        canonical({"outcome": Outcome.SHARE, "of": (1, OrderedDict(b=2, a=1))})
        == b'{"of":[1,{"a":1,"b":2}],"outcome":"share"}'
    )


@pytest.mark.parametrize(
    ("value", "path", "what"),
    [
        ({"a": [{"b": 1.5}]}, "a[0].b", "a number with a point"),
        ({"a": 1.0}, "a", "a number with a point"),
        ([math.nan], "[0]", "a number with a point"),
        ([0, math.inf], "[1]", "a number with a point"),
        ({"a": {"b": 2**53}}, "a.b", "a whole number of 2^53 or more"),
        ({"a": -(2**53)}, "a", "a whole number of 2^53 or more"),
        ({"a": {1: "x"}}, "a", "an object with a name that is not text"),
        ({"a": {True: "x"}}, "a", "an object with a name that is not text"),
        ({"a": {None: "x"}}, "a", "an object with a name that is not text"),
        ({"a": "x\ud800"}, "a", "half of a character (a lone surrogate)"),
        ({"\udfff": 1}, None, "a name with half of a character (a lone surrogate)"),
        ({"\udfff": 1, "\U0001f602": 2}, None, "a name with half of a character (a lone surrogate)"),
        ({"a": b"x"}, "a", "something that is not text"),
        ({"a": date(2026, 1, 31)}, "a", "something that is not text"),
        ({"a": {1, 2}}, "a", "something that is not text"),
        ({"a": UserDict(b=1)}, "a", "something that is not text"),
        (object(), None, "something that is not text"),
    ],
)
def test_what_has_no_place_in_a_record_is_refused_with_its_path(value, path, what):
    found = refusal(value)
    assert (found.code, found.path) == ("IS703", path)
    assert found.message.startswith(f"a record cannot hold {what}")


def test_the_largest_whole_numbers_are_taken():
    assert canonical([LARGEST, -LARGEST]) == b"[9007199254740991,-9007199254740991]"
    assert parse(b"[9007199254740991,-9007199254740991]") == [LARGEST, -LARGEST]


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_nesting_is_taken_up_to_the_limit_and_refused_beyond():
    assert DEPTH_LIMIT >= 64
    deepest = nested(DEPTH_LIMIT)
    assert parse(canonical(deepest)) == deepest
    assert "nested deeper" in refusal(nested(DEPTH_LIMIT + 1)).message
    assert "nested deeper" in message(b"[" * (DEPTH_LIMIT + 1) + b"1" + b"]" * (DEPTH_LIMIT + 1))


def test_a_value_that_goes_round_in_a_circle_is_refused():
    ring = []
    ring.append(ring)
    twice = []
    twice += [twice, twice]
    assert "without end" in refusal(ring).message
    assert "without end" in refusal(twice).message


@pytest.mark.parametrize("depth", [10_000, 1_000_000])
def test_endless_nesting_is_an_error_and_no_crash(depth):
    assert "nested deeper" in message(b"[" * depth)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":2}', "a name stands twice in one object"),
        (b'{"a":1,"\\u0061":1}', "a name stands twice in one object"),
        (b'{"b":1,"a":2}', "from byte 2 on"),
        (b'{"a": 1}', "from byte 5 on"),
        (b'{"a":1}\n', "from byte 7 on"),
        (b' {"a":1}', "from byte 0 on"),
        (b'["\\u0061"]', "from byte 2 on"),
        (b'["\\u001F"]', "from byte 7 on"),
        (b'["\\/"]', "from byte 2 on"),
        (b'["\\u000a"]', "from byte 3 on"),
        (b"[-0]", "from byte 1 on"),
        (b"[1.0]", "a number with a point"),
        (b"[1e3]", "a number with a point"),
        (b"[NaN]", "NaN"),
        (b"[-Infinity]", "NaN or an endless number"),
        (b"[9007199254740992]", "2^53"),
        (b"[" + b"9" * 5000 + b"]", "it is not JSON"),
        (b'["\\ud800"]', "half of a character"),
        (b'["\xed\xa0\x80"]', "byte 2 is not UTF-8"),
        (b"\xef\xbb\xbf[]", "it is not JSON"),
        (b'["a\nb"]', "it is not JSON at byte 3"),
        ('["€', "it is not JSON at byte 1"),
        (b"", "it is not JSON at byte 0"),
        (b"[1,]", "it is not JSON"),
        (b"[01]", "it is not JSON"),
        (b"nul", "it is not JSON"),
        (b"1 2", "it is not JSON"),
    ],
)
def test_bytes_that_say_the_same_in_another_form_are_refused_with_the_reason(data, why):
    assert why in message(data if isinstance(data, bytes) else data.encode())


def test_no_message_repeats_what_a_record_says():
    for data in (b'{"secret":"refused", "x":1}', b'{"a":"refused" }', b'["refused"'):
        assert "refused" not in message(data)
    assert "refused" not in str(refusal({"consent": ["refused", 1.5]}))


def test_every_flipped_bit_gives_another_value_or_is_refused():
    value = {"id": "0198", "count": 12, "who": ["Zoë \U0001f602", None, True], "\ufb33": {}, "": "\n"}
    data = canonical(value)
    for at, bit, changed in flipped(data):
        with suppress(VerificationError):
            assert parse(changed) != value, (at, bit)


def test_a_million_characters_take_no_time_to_speak_of_when_refused():
    assert "it is not JSON" in message(b'["' + b"x" * 1_000_000)


@pytest.mark.parametrize("name", ["Robin", "Zoë", "Ωμέγα", "Robin 🦊", "🦊", "\ufffd name"])
def test_a_body_is_written_as_any_other_value_whatever_characters_it_holds(name):
    body = body_of(refused(), particulars=Particulars(note=f"Told by {name}.", asked_for=name))
    for each in (body, {**body, name: name}, {**body, "\ue000": 1, "\U00010000": 2}):
        assert canonical_body(each) == canonical(each) == rfc8785.dumps(each)


def test_a_body_with_half_a_character_is_refused():
    with pytest.raises(RecordError):
        canonical_body({"note": "\ud800"})

"""A shape writes values, reads them with every fault, and describes them: the same table for all three."""

from datetime import date
from enum import StrEnum

import attrs
import pytest
from jsonschema import Draft202012Validator

from infoshare import codec
from infoshare.codec import ANSWERS, DAY, FLAG, TEXT, Key, Many, Mapped, Maybe, Object, Scalar, Word
from infoshare.values import frozen, key


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@frozen
class Leaf:
    """A leaf."""

    name: str = key("What it is called.")
    fell: date | None = key("When it fell.", default=None, required=False)


@frozen
class Tree:
    """A tree."""

    kind: Colour = key("What it looks like.")
    leaves: tuple[Leaf, ...] = key("What hangs on it.", default=())
    within: tuple["Tree", ...] = key("Trees in its shade.", default=(), required=False, always=False)
    told_by: str | None = key("Who says so.", name="by", before="leaves", default=None)
    secret: int = attrs.field(default=0)


SHAPE = codec.object_of(Tree, {Tree: "tree", Leaf: "leaf"})
TREE = Tree(Colour.RED, (Leaf("a", date(2026, 1, 31)), Leaf("b")), (Tree(Colour.BLUE),), "me", secret=7)
WRITTEN = {
    "kind": "red",
    "by": "me",
    "leaves": [{"name": "a", "fell": "2026-01-31"}, {"name": "b", "fell": None}],
    "within": [{"kind": "blue", "by": None, "leaves": []}],
}


def test_a_value_is_written_in_the_order_of_its_keys_and_reads_back():
    data = codec.write(SHAPE, TREE)
    assert data == WRITTEN
    assert list(data) == ["kind", "by", "leaves", "within"]
    value, faults = codec.read(SHAPE, data, code="IS701")
    assert faults == []
    assert value == attrs.evolve(TREE, secret=0)


def test_what_is_written_is_plain_and_shares_nothing_with_the_value():
    data = codec.write(SHAPE, TREE)
    assert type(data["kind"]) is str
    data["leaves"].clear()
    assert codec.write(SHAPE, TREE) == WRITTEN


def test_every_fault_is_found_with_its_path_and_unknown_keys_are_passed_over():
    data = {
        "kind": "green",
        "leaves": [{"name": 7, "later": 1}, {"fell": "2026-02-30"}],
        "within": [{"kind": "red", "by": None, "leaves": {}}],
    }
    value, faults = codec.read(SHAPE, data, code="IS701", path="here")
    assert value is codec.NOTHING
    assert [str(fault.message) for fault in faults] == [
        "`here.kind` is not one of red, blue",
        "`here.by` is missing",
        "`here.leaves[0].name` is not text",
        "`here.leaves[1].name` is missing",
        "`here.leaves[1].fell` is not a date such as 2026-01-31, or null",
        "`here.within[0].leaves` is not a list",
    ]


@pytest.mark.parametrize(
    ("shape", "data"),
    [
        (TEXT, None),
        (FLAG, 1),
        (DAY, "20260131"),
        (Word(("a", "b")), "c"),
        (Many(TEXT), "text"),
        (Mapped(FLAG, "an object of flags"), {"a": 1}),
        (Mapped(FLAG, "an object of flags"), {1: True}),
        (ANSWERS, {"a": 1.5}),
        (SHAPE, []),
    ],
)
def test_what_is_of_another_shape_has_one_fault(shape, data):
    assert len(codec.read(shape, data, code="IS701")[1]) == 1


def test_the_schema_accepts_what_is_read_and_refuses_what_is_not():
    check = Draft202012Validator(codec.schema(SHAPE))
    Draft202012Validator.check_schema(codec.schema(SHAPE))
    assert check.is_valid(WRITTEN)
    for place, wrong in (("kind", "green"), ("by", 3), ("leaves", [{}]), ("within", [{"kind": "red"}])):
        data = {**WRITTEN, place: wrong}
        assert not check.is_valid(data)
        assert codec.read(SHAPE, data, code="IS701")[1]


def test_what_nests_deeper_than_any_document_is_refused():
    data = {"kind": "red", "by": None, "leaves": []}
    for _ in range(codec.DEEPEST + 2):
        data = {**data, "within": [data]}
    _, faults = codec.read(SHAPE, data, code="IS701")
    assert [fault.message.endswith("is nested too deep") for fault in faults] == [True]


def test_types_for_type_checkers_are_written_from_the_same_shape():
    assert list(codec.types(SHAPE, {Leaf: "LeafDict", Tree: "TreeDict"})) == [
        "", "",
        "class LeafDict(TypedDict):",
        '    """A leaf."""',
        "",
        "    name: str",
        "    fell: NotRequired[str | None]",
        "", "",
        "class TreeDict(TypedDict):",
        '    """A tree."""',
        "",
        "    kind: str",
        "    by: str | None",
        "    leaves: list[LeafDict]",
        '    within: NotRequired[list["TreeDict"]]',
    ]  # fmt: skip


def test_a_scalar_of_ones_own_is_read_written_and_described():
    even = Scalar(
        "an even number", {"type": "integer", "multipleOf": 2}, "int", lambda n: n if n % 2 == 0 else int("x")
    )
    shape = Object({"n": Key(Maybe(even), "How many.")}, "A count.")
    assert codec.read(shape, {"n": 4}, code="IS701") == ({"n": 4}, [])
    assert codec.read(shape, {"n": 3}, code="IS701")[1][0].message == "`n` is not an even number, or null"
    assert codec.schema(shape)["properties"]["n"] == {
        "description": "How many.",
        "anyOf": [{"type": "integer", "multipleOf": 2}, {"type": "null"}],
    }


def test_a_constant_is_written_and_is_no_part_of_the_value():
    form = Key(Word(("leaf/1",)), "The format.", constant="leaf/1")
    shape = attrs.evolve(codec.object_of(Leaf), keys={"format": form, **codec.object_of(Leaf).keys})
    data = codec.write(shape, Leaf("a"))
    assert data == {"format": "leaf/1", "name": "a", "fell": None}
    assert codec.read(shape, data, code="IS701") == (Leaf("a"), [])
    assert codec.read(shape, {**data, "format": "leaf/2"}, code="IS701")[1]

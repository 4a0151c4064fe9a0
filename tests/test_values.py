"""Values of `frozen` do what attrs' own frozen classes do; only making the class is cheaper."""

import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoshare.meaning import model
from infoshare.meaning.findings import FrozenMap
from infoshare.syntax import tree
from infoshare.values import frozen


def hiding(value: object) -> str:
    return f"<{len(str(value))}>"


@frozen
class Ours:
    a: int
    b: object = None
    shown: str = attrs.field(default="secret", repr=hiding, kw_only=True)
    place: int = attrs.field(default=0, eq=False, repr=False, kw_only=True)


@attrs.frozen
class Theirs:
    a: int
    b: object = None
    shown: str = attrs.field(default="secret", repr=hiding, kw_only=True)
    place: int = attrs.field(default=0, eq=False, repr=False, kw_only=True)


@frozen
class Alone:
    """Nothing in it."""


@frozen
class Other:
    a: int
    b: object = None


class Outer:
    @frozen
    class Inner:
        a: int

        def __repr__(self) -> str:
            return "hidden"


FIELDS = st.tuples(
    st.integers(0, 2), st.one_of(st.none(), st.integers(0, 2), st.text(max_size=1)), st.integers(0, 2)
)


@given(FIELDS, FIELDS)
def test_two_are_equal_and_of_one_hash_when_attrs_own_would_be(one: tuple, other: tuple) -> None:
    ours = [Ours(a, b, place=place) for a, b, place in (one, other)]
    theirs = [Theirs(a, b, place=place) for a, b, place in (one, other)]
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (ours[0] != ours[1]) is (theirs[0] != theirs[1])
    if ours[0] == ours[1]:
        assert hash(ours[0]) == hash(ours[1])


@given(FIELDS)
def test_one_is_shown_as_attrs_own_would_be(fields: tuple) -> None:
    a, b, place = fields
    assert repr(Ours(a, b, place=place)) == repr(Theirs(a, b, place=place)).replace("Theirs", "Ours")
    assert "secret" not in repr(Ours(a, b, place=place))


def test_values_of_two_classes_are_never_equal() -> None:
    assert Ours(1, 2) != Other(1, 2)
    assert Ours(1, 2) != (1, 2)
    assert Alone() != Ours(1)
    assert Alone() == Alone()
    assert {Ours(1, 2), Other(1, 2), Alone()} == {Alone(), Other(1, 2), Ours(1, 2)}


class AnotherForm(Ours):
    """A subclass that is not declared frozen itself."""

    __slots__ = ()


@frozen
class Special(Ours):
    """One that is."""


def test_a_subclass_that_is_not_declared_itself_is_another_form_of_the_same_value() -> None:
    assert (AnotherForm(1) == Ours(1), Ours(1) == AnotherForm(1), AnotherForm(1) == AnotherForm(1)) == (
        True,
    ) * 3
    assert hash(AnotherForm(1)) == hash(Ours(1))
    assert (AnotherForm(1) != Ours(2), Ours(1) != Special(1), AnotherForm(1) != Special(1)) == (True,) * 3


def test_they_are_frozen_and_have_slots() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        Ours(1).a = 2  # type: ignore[misc]
    assert not hasattr(Ours(1), "__dict__")


def test_what_cannot_be_hashed_in_one_is_not_hashed() -> None:
    with pytest.raises(TypeError):
        hash(Ours(1, []))


def test_a_repr_of_its_own_is_kept_and_a_nested_name_is_whole() -> None:
    assert repr(Outer.Inner(1)) == "hidden"
    assert Outer.Inner(1) == Outer.Inner(1)


@pytest.mark.parametrize("value", [Ours(1, "x", place=3), tree.Name("a"), model.Duration(1, "days")])
def test_they_can_be_pickled_and_changed_into_another(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert attrs.evolve(value) == value  # type: ignore[type-var]
    assert attrs.asdict(value)  # type: ignore[arg-type]


def test_maps_with_the_same_keys_are_told_apart_by_the_names_in_them_before_they_are_compared():
    """A duty for each of a thousand people is found by a map of one key: by keys alone each is compared with all."""
    hashes = {hash(FrozenMap({"person": f"person {number}"})) for number in range(100)}
    assert len(hashes) == 100
    assert hash(FrozenMap({"a": "x", "b": [1]})) == hash(FrozenMap({"b": [1], "a": "x"}))

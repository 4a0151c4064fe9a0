"""What is said of people, of those whom a reference names and of how many can be taken in one way only.

As in `test_read_means_what_it_says`: a listener takes every sentence in every way that it can be taken, and all of
these are true in the same cases as the condition, whose meaning is worked out here from the language alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infoshare.explain.aloud import read_aloud
from small import load

FACTS = """
facts about a "the matter"
  grave "the matter is grave" : yes or no
  told_by "who told it" : one person
  known_as "which of the people this is" : one person
  about "whom it is about" : some person
  heard_by "those who heard it and spoke" : some person
facts about each person "somebody in the case"
  hurt "they are hurt" : yes or no
  may "they may flee" : yes or no
define unsafe "they are hurt or may flee" for each person as person.hurt or person.may
"""
ONES = {"told_by": "who told it", "known_as": "which of the people this is"}
SOMES = {"about": "whom it is about", "heard_by": "those who heard it and spoke"}
OF_ONE = {"told_by": "a person who told it", "known_as": "a person named under “which of the people this is”"}
OF_SOME = {"about": "those whom it is about", "heard_by": "those named under “those who heard it and spoke”"}

World = Mapping[str, object]
Person = Mapping[str, object] | None
Truth = Callable[[World, Person], bool]
"""Whether something is so, in a case and of the person who is spoken of."""
Condition = tuple[str, Truth]

PEOPLE = [{"hurt": hurt, "may": may} for hurt, may in product((True, False), repeat=2)]
LISTS = [(), (PEOPLE[1],), (PEOPLE[0], PEOPLE[3]), (PEOPLE[1], PEOPLE[2]), (PEOPLE[3], PEOPLE[3])]


def worlds() -> Iterator[World]:
    for people in LISTS:
        everybody = tuple({**person, "name": index} for index, person in enumerate(people))
        nobody_or_one = [(), *((person,) for person in everybody)]
        subsets = list(
            chain.from_iterable(combinations(everybody, size) for size in range(len(everybody) + 1))
        )
        for told_by, known_as, about, heard_by, grave in product(
            nobody_or_one, nobody_or_one, subsets, subsets[:2] + subsets[-1:], (True, False)
        ):
            yield {"person": everybody, "told_by": told_by, "known_as": known_as, "about": about,
                   "heard_by": heard_by, "grave": grave}  # fmt: skip


WORLDS = list(worlds())


def table(truth: Truth) -> tuple[bool, ...]:
    return tuple(truth(world, None) for world in WORLDS)


# --- conditions, as an author writes them and as the language says that they mean ------------------


def denied(condition: Condition) -> Condition:
    text, truth = condition
    return f"not ({text})", lambda world, person: not truth(world, person)


def joined(word: str, parts: list[Condition]) -> Condition:
    whole = all if word == "and" else any
    text = f" {word} ".join(f"({text})" for text, _ in parts)
    return text, lambda world, person: whole([truth(world, person) for _, truth in parts])


def over(how: str, of: str, condition: Condition) -> Condition:
    """`any`, `every`, `no`, `at least 2`, `at most 1`, `exactly 1`: over the list, or those whom a reference names."""
    text, truth = condition

    def holds(world: World, _: Person) -> bool:
        people = world[of]
        found = [truth(world, person) for person in people]  # type: ignore[attr-defined]
        if of in ONES and not found:
            return False  # through none of them it is no
        match how.split():
            case ["any"]:
                return any(found)
            case ["every"]:
                return all(found)
            case ["no"]:
                return not any(found)
            case ["at", "least", number]:
                return sum(found) >= int(number)
            case ["at", "most", number]:
                return sum(found) <= int(number)
            case ["exactly", number]:
                return sum(found) == int(number)
        raise AssertionError(how)

    group = "person" if how in ("any", "every", "no") else "persons"
    within = "" if of == "person" else f" in a.{of}"
    return f"{how} {group}{within} ({text})", holds


def through(of: str, fact: str) -> Condition:
    return f"a.{of}.{fact}", over("any", of, of_person(fact))[1]


def of_person(fact: str) -> Condition:
    if fact == "unsafe":
        return "person.unsafe", lambda _, person: bool(person and (person["hurt"] or person["may"]))
    return f"person.{fact}", lambda _, person: bool(person and person[fact])


def names(world: World, of: str) -> set[object]:
    return {person["name"] for person in world[of]}  # type: ignore[attr-defined]


def both(left: str, right: str) -> Condition:
    verb = "is" if left in ONES else "includes"
    return f"a.{left} {verb} a.{right}", lambda world, _: bool(names(world, left) & names(world, right))


def named(of: str) -> Condition:
    verb = "is" if of in ONES else "includes"
    return f"a.{of} {verb} person", lambda world, person: bool(person) and person["name"] in names(world, of)


def nobody(of: str) -> Condition:
    return f"a.{of} is {'none of them' if of in ONES else 'empty'}", lambda world, _: not world[of]


GRAVE: Condition = ("a.grave", lambda world, _: bool(world["grave"]))
EVERY_REFERENCE = [*ONES, *SOMES]
of_persons = st.sampled_from(
    [of_person(f) for f in ("hurt", "may", "unsafe")] + [named(o) for o in EVERY_REFERENCE]
)
of_case = st.sampled_from(
    [GRAVE]
    + [through(of, fact) for of in ONES for fact in ("hurt", "may", "unsafe")]
    + [both(left, right) for left in EVERY_REFERENCE for right in ONES if left != right]
    + [nobody(of) for of in EVERY_REFERENCE]
)
how_many = st.sampled_from(["any", "every", "no", "at least 2", "at most 1", "exactly 1"])


def within(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaves,
        lambda inner: (
            inner.map(denied)
            | st.builds(joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
        ),
        max_leaves=4,
    )


of_people = st.builds(over, how_many, st.sampled_from(["person", *EVERY_REFERENCE]), within(of_persons))
conditions = within(of_case | of_people)


# --- a listener -------------------------------------------------------------------------------------


def atoms() -> Iterator[tuple[str, Condition]]:
    yield "the matter is grave", GRAVE
    yield "the matter is not grave", denied(GRAVE)
    yield "they are hurt", of_person("hurt")
    yield "they are not hurt", denied(of_person("hurt"))
    yield "they may flee", of_person("may")
    yield "they are hurt or may flee", of_person("unsafe")
    for of, phrase in (ONES | SOMES).items():
        yield f"this person is named under “{phrase}”", named(of)
        yield f"this person is not named under “{phrase}”", denied(named(of))
        yield f"a person is named under “{phrase}”", denied(nobody(of))
        yield f"no person is named under “{phrase}”", nobody(of)
        for other, other_phrase in (ONES | SOMES).items():
            yield f"a person is named under both “{phrase}” and “{other_phrase}”", both(of, other)
            yield f"no person is named under both “{phrase}” and “{other_phrase}”", denied(both(of, other))


ATOMS = dict(atoms())
NOT = "it is not so that "
WHOM = {"person": "listed as somebody in the case", **{of: f"of {whose}" for of, whose in OF_SOME.items()},
        "told_by": "of those who told it",
        "known_as": "of those named under “which of the people this is”"}  # fmt: skip
HOW = {"any": "at least one", "every": "each one", "no": "none",
       **{f"{how} {number}": f"{how} {number}" for how in ("at least", "at most", "exactly") for number in (1, 2)}}  # fmt: skip
HEADS = {
    "all of these are so": lambda parts: joined("and", parts),
    "at least one of these is so": lambda parts: joined("or", parts),
    "none of these is so": lambda parts: denied(joined("or", parts)),
    "not all of these are so": lambda parts: denied(joined("and", parts)),
}


def of_all(how: str, of: str, inner: Condition) -> Condition:
    """What a listener hears of those whom a reference names: nothing of whether there are any."""
    everybody = over(how, "person", inner)[1]
    return "", lambda world, person: everybody({**world, "person": world[of]}, person)


def readings(text: str, items: list[list[str]]) -> Iterator[Condition]:
    """Every way in which a sentence, with the list below it, can be taken."""
    if text in ATOMS and not items:
        yield ATOMS[text]
    if text in HEADS and items:
        for parts in product(*(list(heard(item)) for item in items)):
            yield HEADS[text](list(parts))
    if text.startswith(NOT):
        for inner in readings(text.removeprefix(NOT), items):
            yield denied(inner)
    for of, whom in WHOM.items():
        for how, said in HOW.items():
            if text.startswith(head := f"for {said} {whom}, "):
                for inner in readings(text.removeprefix(head), items):
                    yield of_all(how, of, inner)
    for of, whom in OF_ONE.items():
        if text.startswith(head := f"for {whom}, "):
            for inner in readings(text.removeprefix(head), items):
                yield of_all("any", of, inner)
    for found in re.finditer(r"[;,]? (and|or) ", text):
        for left in readings(text[: found.start()], []):
            for right in readings(text[found.end() :], items):
                yield joined(found[1], [left, right])


def heard(lines: list[str]) -> Iterator[Condition]:
    """The readings of a line with those below it."""
    first, *below = lines
    items: list[list[str]] = []
    for line in below:
        if line.startswith("- "):
            items.append([line[2:]])
        else:
            items[-1].append(line[2:])
    yield from readings(first.removeprefix("- ").rstrip(":."), items)


def read(condition: str) -> list[str]:
    text = read_aloud(load(f'{FACTS}rule r "R." share when {condition}\n').model)
    told = text.split("It may be shared when ")[1].split("\n\n")[0].rstrip("\n").split("\n")
    return [told[0], *(line[5:] for line in told[1:])]


def means(condition: Condition) -> None:
    written, truth = condition
    lines = read(written)
    taken = {table(reading) for _, reading in heard(lines)}
    assert taken == {table(truth)}, "\n".join([written, *lines])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions)
def test_what_is_said_of_people_can_be_taken_in_one_way_only_and_that_is_what_it_means(condition):
    means(condition)


@pytest.mark.parametrize("of", EVERY_REFERENCE)
@pytest.mark.parametrize("how", ["any", "every", "no", "at least 2", "at most 1", "exactly 1"])
def test_each_quantifier_and_count_within_each_reference_also_where_it_is_denied(how, of):
    means(over(how, of, of_person("hurt")))
    means(over(how, of, of_person("may")))
    means(denied(over(how, of, of_person("may"))))
    means(denied(over(how, of, denied(of_person("hurt")))))
    means(over(how, of, joined("or", [of_person("hurt"), named("told_by")])))


@pytest.mark.parametrize("of", ONES)
def test_a_test_through_a_reference_is_heard_to_be_no_of_none_of_them(of):
    means(through(of, "hurt"))
    means(denied(through(of, "hurt")))
    means(joined("or", [denied(through(of, "may")), GRAVE]))
    means(denied(joined("and", [through(of, "unsafe"), GRAVE])))


@pytest.mark.parametrize("right", ONES)
@pytest.mark.parametrize("left", EVERY_REFERENCE)
def test_that_two_references_name_the_same_is_heard_so_and_not_so(left, right):
    if left != right:
        means(both(left, right))
        means(denied(both(left, right)))
        means(joined("and", [both(left, right), GRAVE]))


@pytest.mark.parametrize("of", EVERY_REFERENCE)
def test_that_nobody_is_named_is_heard_so_and_not_so(of):
    means(nobody(of))
    means(denied(nobody(of)))
    means(joined("or", [nobody(of), denied(GRAVE)]))

"""A condition read aloud can be taken in one way only, and that is what it means.

A listener who knows English, but not the policy, takes every sentence in every way that it can be taken; all of
these must be true in the same cases as the condition. What it means is worked out here from the language alone.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infoshare.explain.aloud import read_aloud
from small import load

FACTS = """
facts about a "the matter"
  grave "the matter is grave" : yes or no
  both "a parent and a child are at risk" : yes or no
  either "the child is hurt or is afraid" : yes or no
  may "the family may flee" : yes or no
  careless "the nurse did not check who they are" : yes or no
  kind "the matter is …" : one of small "small", middling "middling", large "large"
  answer "…" : one of agreed "they agree", refused "they refuse", unasked "nobody has asked them"
facts about each item "a piece of information"
  needed "it is needed" : yes or no
  open "it may be read and copied" : yes or no
define plain "the matter is plain and simple" as a.grave and not a.may
"""
YES_NO = {
    "a.grave": "the matter is grave",
    "a.both": "a parent and a child are at risk",
    "a.either": "the child is hurt or is afraid",
    "a.may": "the family may flee",
    "a.careless": "the nurse did not check who they are",
    "item.needed": "it is needed",
    "item.open": "it may be read and copied",
}
ONE_OF = {
    "a.kind": {
        "small": "the matter is small",
        "middling": "the matter is middling",
        "large": "the matter is large",
    },
    "a.answer": {"agreed": "they agree", "refused": "they refuse", "unasked": "nobody has asked them"},
}
# What a listener knows to be the opposite, where it is said in other words than "it is not so that …".
OPPOSITES = {
    "the matter is not grave": "the matter is grave",
    "the nurse did check who they are": "the nurse did not check who they are",
    "it is not needed": "it is needed",
    "they do not agree": "they agree",
    "they do not refuse": "they refuse",
    "somebody has asked them": "nobody has asked them",
    **{f"the matter is not {kind}": f"the matter is {kind}" for kind in ("small", "middling", "large")},
}

World = dict[str, object]
Truth = Callable[[World, World], bool]
"""Whether something is so, in a case and of the element that is spoken of."""

ITEMS = [{"item.needed": needed, "item.open": opened} for needed, opened in product((True, False), repeat=2)]
LISTS = [[], *([item] for item in ITEMS), [ITEMS[0], ITEMS[3]], [ITEMS[1], ITEMS[2]], [ITEMS[0], ITEMS[1]]]
WORLDS = [
    {**dict(zip((p for p in YES_NO if p.startswith("a.")), yes_no, strict=True)), "a.kind": kind, "a.answer": answer,
     "item": items}
    for yes_no in product((True, False), repeat=5)
    for kind, answer in product(ONE_OF["a.kind"], ONE_OF["a.answer"])
    for items in LISTS
]  # fmt: skip


def table(truth: Truth, element: World | None = None) -> tuple[bool, ...]:
    return tuple(truth(world, element or {}) for world in WORLDS)


# --- conditions, as an author writes them and as the language says that they mean ------------------

Condition = tuple[str, Truth]


def of_fact(path: str) -> Condition:
    return path, lambda world, item: bool((item if path.startswith("item.") else world)[path])


def among(path: str, values: tuple[str, ...]) -> Condition:
    written = f"{path} is {values[0]}" if len(values) == 1 else f"{path} is one of {', '.join(values)}"
    return written, lambda world, _: world[path] in values


def denied(condition: Condition) -> Condition:
    text, truth = condition
    return f"not ({text})", lambda world, item: not truth(world, item)


def joined(word: str, parts: list[Condition]) -> Condition:
    whole = all if word == "and" else any
    text = f" {word} ".join(f"({text})" for text, _ in parts)
    return text, lambda world, item: whole([truth(world, item) for _, truth in parts])


def quantified(kind: str, condition: Condition) -> Condition:
    text, truth = condition
    whole = {"any": any, "every": all, "no": lambda found: not any(found)}[kind]
    return f"{kind} item ({text})", lambda world, _: whole([truth(world, item) for item in world["item"]])


PLAIN: Condition = ("plain", lambda world, _: bool(world["a.grave"] and not world["a.may"]))
some_values = st.sampled_from(list(ONE_OF)).flatmap(
    lambda path: st.lists(st.sampled_from(list(ONE_OF[path])), min_size=1, max_size=2, unique=True).map(
        lambda values: among(path, tuple(values))
    )
)


def within(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaves,
        lambda inner: (
            inner.map(denied)
            | st.builds(joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3))
        ),
        max_leaves=5,
    )


of_case = st.sampled_from([of_fact(path) for path in YES_NO if path.startswith("a.")] + [PLAIN]) | some_values
of_item = st.sampled_from([of_fact(path) for path in YES_NO])
of_items = st.builds(quantified, st.sampled_from(["any", "every", "no"]), within(of_item))
conditions = within(of_case | of_items)

# --- a listener -------------------------------------------------------------------------------------


def atoms() -> Iterator[tuple[str, Truth]]:
    for path, phrase in YES_NO.items():
        yield phrase, of_fact(path)[1]
    for path, labels in ONE_OF.items():
        for value, phrase in labels.items():
            yield phrase, among(path, (value,))[1]
    kinds = list(ONE_OF["a.kind"])
    for one, other in product(kinds, repeat=2):
        if one != other:
            yield f"the matter is {one} or {other}", among("a.kind", (one, other))[1]
    yield "the matter is plain and simple", PLAIN[1]


ATOMS = dict(atoms())
ATOMS |= {said: denied(("", ATOMS[meant]))[1] for said, meant in OPPOSITES.items()}
NOT = "it is not so that "
EACH = {
    "for at least one listed as a piece of information, ": "any",
    "for each one listed as a piece of information, ": "every",
    "for none listed as a piece of information, ": "no",
}
HEADS = {
    "all of these are so": lambda parts: joined("and", parts),
    "at least one of these is so": lambda parts: joined("or", parts),
    "none of these is so": lambda parts: denied(joined("or", parts)),
    "not all of these are so": lambda parts: denied(joined("and", parts)),
}


def readings(text: str, items: list[list[str]]) -> Iterator[Truth]:
    """Every way in which a sentence, with the list below it, can be taken."""
    if text in ATOMS and not items:
        yield ATOMS[text]
    if text in HEADS and items:
        for parts in product(*(list(heard(item)) for item in items)):
            yield HEADS[text]([("", part) for part in parts])[1]
    if text.startswith(NOT):
        for inner in readings(text.removeprefix(NOT), items):
            yield denied(("", inner))[1]
    for head, kind in EACH.items():
        if text.startswith(head):
            for inner in readings(text.removeprefix(head), items):
                yield quantified(kind, ("", inner))[1]
    for found in re.finditer(r"[;,]? (and|or) ", text):
        for left in readings(text[: found.start()], []):
            for right in readings(text[found.end() :], items):
                yield joined(found[1], [("", left), ("", right)])[1]


def heard(lines: list[str]) -> Iterator[Truth]:
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
    taken = {table(reading) for reading in heard(lines)}
    assert taken == {table(truth)}, "\n".join([written, *lines])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions)
def test_a_condition_read_aloud_can_be_taken_in_one_way_only_and_that_is_what_it_means(condition):
    means(condition)


A, B, C = of_fact("a.both"), of_fact("a.grave"), of_fact("a.may")


@pytest.mark.parametrize("word", ["and", "or"])
@pytest.mark.parametrize("first", [A, C, PLAIN, of_fact("a.either")])
def test_not_before_and_or_or_is_heard_to_deny_the_first_alone(word, first):
    means(joined(word, [denied(first), B]))
    means(joined(word, [B, denied(first)]))
    means(denied(joined(word, [first, B])))
    means(joined(word, [denied(first), denied(C)]))


@pytest.mark.parametrize("kind", ["any", "every", "no"])
@pytest.mark.parametrize("word", ["and", "or"])
def test_what_follows_a_quantifier_is_heard_to_be_within_it_or_not(kind, word):
    needed = of_fact("item.needed")
    means(quantified(kind, joined(word, [needed, B])))
    means(joined(word, [quantified(kind, needed), B]))
    means(quantified(kind, denied(joined(word, [of_fact("item.open"), B]))))
    means(denied(quantified(kind, of_fact("item.open"))))


@pytest.mark.parametrize("path", ["a.kind", "a.answer"])
def test_one_of_several_values_is_denied_whole(path):
    means(denied(among(path, tuple(ONE_OF[path])[:2])))
    means(joined("or", [denied(among(path, tuple(ONE_OF[path])[:2])), B]))

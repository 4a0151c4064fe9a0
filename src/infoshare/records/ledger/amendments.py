"""Decisions that a later version gives otherwise on purpose: which differences between a record and its replay are meant.

`docs/records.md` lists every change of `AMENDMENTS`; a test holds the two together. An amendment is as narrow as it can be:
a difference that it does not explain is a fault. Deliberately not here: deciding again, and telling of it (`replay`).
"""

from collections.abc import Callable, Mapping

import attrs

from infoshare.outcome import Basis, Outcome
from infoshare.records.body.codec import Json

MANDATORY = "mandatory"


@attrs.frozen
class Amendment:
    """A meant change of what one key of a decision says.

    Attributes:
        key: of `infoshare.decision/1`.
        change: what is said otherwise, in a sentence.
        explains: whether the change accounts for the whole difference; is given the recorded and the new decision.
    """

    key: str
    change: str
    explains: Callable[[Json, Json], bool] = attrs.field(repr=False)


def _mandatory(was: Json, now: Json) -> bool:
    """A must counted in a conflict and beside open outcomes; now only one that concludes the outcome does."""
    undecided = was["basis"] != Basis.CLAUSES or was["outcome"] == Outcome.SEEK_ADVICE
    weaker = {True: (False, None), None: (False,), False: ()}
    return (
        undecided
        and (was["outcome"], was["basis"]) == (now["outcome"], now["basis"])
        and now[MANDATORY] in weaker[was[MANDATORY]]
    )


def _assumed(was: Json, now: Json) -> bool:
    """An assumption was said to matter that could change nothing."""
    before, after = was["assumed"], now["assumed"]
    return len(before) == len(after) and all(
        (old["fact"], old["value"]) == (new["fact"], new["value"]) and old["matters"] >= new["matters"]
        for old, new in zip(before, after, strict=True)
    )


def _questions(was: Json, now: Json) -> bool:
    """Without `mandatory`, the questions are the same; those that were asked for it alone are gone."""

    def others(questions: list[Json]) -> dict[str, Json]:
        shown = {q["fact"]: {**q, "for": [each for each in q["for"] if each != MANDATORY]} for q in questions}
        return {fact: question for fact, question in shown.items() if question["for"]}

    before, after = others(was["questions"]), others(now["questions"])
    return list(before) == list(after) and all(
        all(question[key] == after[fact][key] for key in question) for fact, question in before.items()
    )


def _relied_on(was: Json, now: Json) -> bool:
    """Where `mandatory` is amended, fewer facts settle what is said."""
    return _mandatory(was, now) and now["relied_on"].items() <= was["relied_on"].items()


def _lists_told(key: str) -> Callable[[Json, Json], bool]:
    """An empty list was a reason that was not told; now it is, or an answer that is reason enough beside it."""

    def more(old: Json, new: Json) -> bool:
        added = {name: answer for name, answer in new.items() if name not in old}
        kept = {name: answer for name, answer in new.items() if name in old}
        return kept == old and (not old or all(answer == [] for answer in added.values()))

    def told(old: object, new: object) -> bool:
        match old, new:
            case dict(), dict():
                return old.keys() == new.keys() and all(
                    more(old[name], new[name]) if name == "facts" else told(old[name], new[name])
                    for name in old
                )
            case list(), list():
                return len(old) == len(new) and all(map(told, old, new))
            case _:
                return old == new

    return lambda was, now: told(was[key], now[key])


_OF_LISTS = "a list without anybody on it stands among the `facts` where it made a condition what it is"

AMENDMENTS: Mapping[str, Amendment] = {
    each.key: each
    for each in (
        Amendment(
            MANDATORY,
            "it speaks of the outcome: a must that is in conflict with another clause, or that concludes another outcome"
            " than may still come out, makes nothing mandatory",
            _mandatory,
        ),
        Amendment("assumed", "what can change nothing is no longer said to matter", _assumed),
        Amendment("questions", "what was asked for `mandatory` alone is no longer asked", _questions),
        Amendment("relied_on", "where `mandatory` is amended, fewer facts settle the answer", _relied_on),
        *(
            Amendment(key, _OF_LISTS, _lists_told(key))
            for key in ("fired", "defeated", "excepted", "unresolved", "not_fired", "lifted", "disclosures")
        ),
    )
}
"""The meant changes since version 0.1.0, by the key of the decision that they are about."""

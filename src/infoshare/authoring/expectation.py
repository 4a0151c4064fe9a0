"""Holds a scenario's expectation against the view of its case, without making the whole decision.

Invariant: yes and no are what `infoshare.scenarios` would say; None where only deciding tells. That is
several times quicker, which is what trying hundreds of mutants needs. Deliberately not here: messages.
"""

from collections.abc import Iterable

from infoshare.meaning import consequences, evaluator
from infoshare.meaning.case import path_of, rows
from infoshare.meaning.model import Guarantee
from infoshare.meaning.questions import questions
from infoshare.meaning.view import View
from infoshare.outcome import Basis, Outcome
from infoshare.syntax import tree as t


def met(then: t.Expectation, seen: View) -> bool | None:
    """Whether a case comes to what is expected, and every guarantee is kept; None where only deciding tells."""
    standing, everywhere = seen.standing, seen.everywhere
    if seen.outcome is not then.outcome or (then.must and seen.mandatory is not True):
        return False
    if then.basis is not None and seen.basis is not then.basis:
        return False
    names = [name.text for name in then.because_of]
    if any(everywhere(standing.stands[name]) is not True for name in names if name in standing.stands):
        return False
    if not _duties(then, seen) or any(
        _breaks(guarantee, seen) for guarantee in seen.model.guarantees.values()
    ):
        return False
    wanted_rows = ((then.releasing, True), (then.holding_back, False), (then.leaving_open, None))
    if any(each and not _rows(each, seen, wanted) for each, wanted in wanted_rows):
        return False
    if then.asking and not _asked({wanted.text for wanted in then.asking}, seen):
        return False
    acting = [_sets_aside(name, seen) for name in names if name not in standing.stands]
    return False if False in acting else None if None in acting else True


def _duties(then: t.Expectation, seen: View) -> bool:
    def due(name: str) -> bool | None:
        return seen.everywhere(
            evaluator.due(seen.world, seen.standing, seen.model.duties[name], seen.outcome)
        )

    def may_be_lifted(name: str) -> bool:
        duty = seen.model.duties[name]
        return seen.outlook.possible(evaluator.lifted(seen.world, seen.standing, duty, seen.outcome))

    return (
        all(due(name.text) is True for name in then.with_)
        and all(due(name.text) is False for name in (*then.without, *then.lifting))
        and all(may_be_lifted(name.text) for name in then.lifting)
    )


def _breaks(guarantee: Guarantee, seen: View) -> bool:
    if not seen.outlook.certain(seen.world.truth(guarantee.when)):
        return False
    never = guarantee.modality == "never"
    if guarantee.duty is not None:
        duty = seen.model.duties[guarantee.duty]
        due = seen.everywhere(evaluator.due(seen.world, seen.standing, duty, seen.outcome))
        return due is True if never else due is False
    return seen.basis is not Basis.UNKNOWN_FACTS and (seen.outcome is guarantee.outcome) is never


def _rows(expected: Iterable[t.Row], seen: View, wanted: bool | None) -> bool:
    if seen.outcome is not Outcome.SHARE:
        return False
    released = consequences.visible(seen, seen.outcome)["disclosures"]
    shown = list(zip(rows(seen.case), map(seen.everywhere, released), strict=True))
    found = [
        [
            release
            for (item, recipient), release in shown
            if item == row.item and row.recipient in (None, recipient)
        ]
        for row in expected
    ]
    return all(releases and all(release is wanted for release in releases) for releases in found)


def _asked(wanted: set[str], seen: View) -> bool:
    found = questions(seen.outlook, seen.standing, consequences.visible(seen, seen.outcome))
    asked = {question.fact for question in found if question.answered is None}
    return wanted <= asked | {path_of(key) for key in asked}


def _sets_aside(exception: str, seen: View) -> bool | None:
    """Whether an exception is among those that set something aside: surely, surely not, or not told here."""
    standing, possible, certain = seen.standing, seen.outlook.possible, seen.outlook.certain
    if not possible(standing.applies[exception]):
        return False
    return (
        any(
            certain(standing.holds[target])
            for target in seen.model.targets.get(exception, ())
            if target in seen.model.clauses and certain(standing.applies[exception])
        )
        or None
    )

"""Finds every fault that keeps a decision, and what people tell about it, from becoming a record, each with its path.

Invariant: no message repeats an answer. Deliberately not here: the body itself (`body`), and each field alone (`codec`).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.meaning.case import Case, path_of
from infoshare.meaning.model import Model
from infoshare.meaning.types import plain
from infoshare.outcome import Outcome
from infoshare.policy.decision import Decision
from infoshare.records.body.codec import faults_of
from infoshare.records.body.family import Facts
from infoshare.records.body.model import TOLD_CODE as CODE
from infoshare.records.body.model import Done, ForFamily, Particulars, Practitioner, Reason
from infoshare.records.canonical import is_id


def said_wrongly(
    *, by: object, decided_at: object, record_id: object, supersedes: object, followed: object, because: Any
) -> Iterator[Diagnostic]:
    """Finds faults in who decided, when, and whether the decision is followed."""
    yield from faults_of(by, Practitioner, "by", CODE)
    if (
        not isinstance(decided_at, datetime)
        or decided_at.utcoffset() is None
        or not 1 < decided_at.year < 9999
    ):
        help_ = "give the moment with its offset, such as datetime.now(UTC)"
        yield Diagnostic(
            CODE, "`decided_at` is not a moment with its offset from UTC", help=(help_,), path="decided_at"
        )
    for path, value in (("record_id", record_id), ("supersedes", supersedes)):
        if not is_id(value) and not (path == "supersedes" and value is None):
            yield Diagnostic(
                CODE, f"`{path}` is not the id of a record", help=("ids are UUIDs of version 7",), path=path
            )
    if supersedes is not None and supersedes == record_id:
        yield Diagnostic(CODE, "a record cannot take its own place", path="supersedes")
    reason = faults_of(Reason(because), Reason, "", CODE)
    yield from reason
    if not isinstance(followed, bool):
        yield Diagnostic(CODE, "`followed` is neither true nor false", path="followed")
    elif not followed and because is None:
        yield Diagnostic(
            "IS742",
            "the decision is not followed, and no reason is given",
            help=(
                "you may decide otherwise: say why, in your own words, for those who will look back on it",
                'on the command line: --followed no --because "…"',
            ),
            path="because",
        )


def of_another_case(model: Model, decision: Decision, case: Case) -> Iterator[Diagnostic]:
    """Finds signs that the facts are not those of the decision."""
    help_ = ("give the facts that the decision was made from, as they were then",)
    if decision.case != case.name:
        yield Diagnostic("IS743", "the facts are of another case than the decision", help=help_, path="case")
    assumed = {each.fact for each in decision.assumed}
    for key, answer in decision.relied_on.items():
        if key not in assumed and path_of(key) in model.facts and plain_answer(model, case, key) != answer:
            message = f"the decision relies on another answer of `{key}` than the facts give"
            yield Diagnostic("IS743", message, help=help_, path=key)
    if extra := next((each.fact for each in decision.assumed if each.fact in case.answers), None):
        message = f"the decision assumes an answer of `{extra}`, which the facts give"
        yield Diagnostic("IS743", message, help=help_, path=extra)
    for side in ("item", "recipient"):
        rows = {name for row in decision.disclosures if (name := getattr(row, side)) is not None}
        if decision.disclosures and rows != set(case.elements.get(side, ())):
            yield Diagnostic(
                "IS743", f"the facts list another `{side}` than the decision", help=help_, path=side
            )


def not_of_the_decision(decision: Decision, case: Case, told: Particulars) -> Iterator[Diagnostic]:
    """Finds names in the particulars that neither the decision nor the case has."""
    duties = [duty.duty for duty in decision.duties]
    for index, done in enumerate(told.done):
        if done.duty not in duties:
            help_ = did_you_mean(done.duty, duties) or (
                (f"its duties are {', '.join(duties)}",) if duties else ("it has none",)
            )
            yield Diagnostic(
                "IS743",
                "the decision has no such duty, due or open",
                help=help_,
                path=f"particulars.done[{index}].duty",
            )
        else:
            yield from _for_each(decision, done, f"particulars.done[{index}].whom")
    for index, party in enumerate(told.recipients):
        yield from _not_listed(f"particulars.recipients[{index}].name", party.name, case, "recipient")
    for index, pair in enumerate(told.instead.shared if told.instead else ()):
        path = f"particulars.instead.shared[{index}]"
        yield from _not_listed(f"{path}.item", pair.item, case, "item")
        yield from _not_listed(f"{path}.recipient", pair.recipient, case, "recipient")


def _for_each(decision: Decision, done: Done, path: str) -> Iterator[Diagnostic]:
    """Finds out whether it is told for whom a duty was done, if it is one for each of several."""
    of = [duty.for_ for duty in decision.duties if duty.duty == done.duty and duty.for_ is not None]
    whom = [name for each in of for name in each.values()]
    if not of:
        if done.whom is not None:
            message = "the duty is not one for each, so it was done for nobody alone"
            yield Diagnostic("IS743", message, help=("leave `whom` out",), path=path)
    elif whom and done.whom not in whom:
        help_ = did_you_mean(done.whom or "", whom) or (f"it is due or open for {', '.join(whom)}",)
        message = "the duty is one for each: it is not told for whom it was done"
        yield Diagnostic("IS743", message, help=help_, path=path)


def _not_listed(path: str, name: str | None, case: Case, group: str) -> Iterator[Diagnostic]:
    """Finds a name that the case does not list; a case that lists none accepts any."""
    known = case.elements.get(group, ())
    if known and name is not None and name not in known:
        help_ = did_you_mean(name, known) or ("add it to the case, so that it is decided as well",)
        yield Diagnostic("IS743", f"the case lists no such {group}", help=help_, path=path)


def not_otherwise(decision: Decision, told: Particulars, *, followed: bool) -> Iterator[Diagnostic]:
    """Finds contradictions in what was decided instead."""
    instead = told.instead
    if instead is None:
        return
    if followed:
        message = "what was decided instead is told, although the decision was followed"
        yield Diagnostic(
            CODE, message, help=("say that it was not followed, and why",), path="particulars.instead"
        )
    elif instead.outcome == decision.outcome.value and decision.outcome is not Outcome.SHARE:
        message = "what was decided instead is what the decision says"
        yield Diagnostic(CODE, message, help=("then it was followed",), path="particulars.instead.outcome")
    if instead.shared and instead.outcome != Outcome.SHARE.value:
        message = "something is told to be shared, although the outcome is not to share"
        yield Diagnostic(CODE, message, path="particulars.instead.shared")


def plain_answer(model: Model, case: Case, key: str) -> Any:
    """The answer of a fact as JSON holds it, None where there is none."""
    if key not in case.answers:
        return None
    return plain(case.answers[key], model.facts[path_of(key)].type)


def family_may_not_know(told: ForFamily, facts: Facts) -> Iterator[Diagnostic]:
    """Finds the facts that forbid telling a family that may know."""
    for path in facts.in_the_way() if told.may_know else ():
        yield Diagnostic(
            "IS744",
            f"the family cannot be said to be allowed to know, as `{path}` is in the way",
            help=(
                "if telling them is safe, answer this first, and decide again",
                "if it may not be safe, leave `for_family.may_know` out and take advice",
            ),
            path="particulars.for_family.may_know",
        )

"""The reference policy, once for every engine: 18 facts, 14 rules, and what follows from the rules that hold.

`reference.policy` is the same in the language of infoshare. Invariant: nothing is imported here but what every Python
process has loaded, because engines are timed from a cold start and import this. Deliberately not here: cases.

A condition is a tuple: `("is", fact, value)`, `("at_least", fact, number)`, `("below", fact, number)`,
`("named", name)`, `("not", condition)`, `("all", *conditions)` or `("any", *conditions)`; no condition is `("all",)`.
"""

from collections.abc import Callable, Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Case = dict[str, Any]
    Condition = tuple[Any, ...]  # of the shapes above
    Values = tuple[Any, ...] | range
    Foreign = Any  # of the library of an engine
else:  # `typing` itself takes milliseconds to import
    Case, Condition, Values, Foreign = dict, tuple, tuple, object

Answer = tuple[str, Iterable[str], Iterable[str]]  # outcome, rules that hold, duties
Match = Callable[[Case], Iterable[str]]  # a case -> the rules that hold
Decide = Callable[[Case], Answer]

SHARE, WITHHOLD, SEEK_ADVICE = "share", "withhold", "seek_advice"
YES_OR_NO = (True, False)


class Rules:
    """Facts with their possible values, named conditions, and rules by id.

    Values are `(True, False)`, a tuple of words, or a range of whole numbers.
    """

    def __init__(
        self,
        facts: dict[str, Values],
        named: dict[str, Condition],
        rules: dict[str, Condition],
    ) -> None:
        self.facts = facts
        self.named = named
        self.rules = rules


def _is(fact: str, value: object) -> Condition:
    return ("is", fact, value)


def _yes(fact: str) -> Condition:
    return ("is", fact, True)


def _no(fact: str) -> Condition:
    return ("is", fact, False)


FACTS: dict[str, Values] = {
    "consent_status": ("given", "refused", "none"),
    "recipient": ("police", "social_care", "health", "school", "other"),
    "harm_score": range(101),
    "child_age": range(19),
    "risk_to_child": YES_OR_NO,
    "risk_to_adult": YES_OR_NO,
    "suspected_sexual_abuse": YES_OR_NO,
    "suspected_fabricated_illness": YES_OR_NO,
    "would_undermine_investigation": YES_OR_NO,
    "telling_raises_risk": YES_OR_NO,
    "legal_duty": YES_OR_NO,
    "in_doubt": YES_OR_NO,
    "has_sought_advice": YES_OR_NO,
    "accurate": YES_OR_NO,
    "up_to_date": YES_OR_NO,
    "necessary": YES_OR_NO,
    "need_to_know": YES_OR_NO,
    "secure_channel": YES_OR_NO,
}

_GIVEN, _DUTY, _NO_DUTY = _is("consent_status", "given"), _yes("legal_duty"), _no("legal_duty")
_SIG, _NO_SIG = ("named", "sig_harm"), ("not", ("named", "sig_harm"))

REFERENCE = Rules(
    FACTS,
    named={
        "sig_harm": (
            "any",
            ("all", _yes("risk_to_child"), ("at_least", "harm_score", 60)),
            _yes("suspected_sexual_abuse"),
            _yes("suspected_fabricated_illness"),
            ("all", _yes("risk_to_adult"), ("at_least", "harm_score", 80)),
        )
    },
    rules={
        "r01": _GIVEN,
        "r02": ("all", ("not", _GIVEN), _SIG),
        "r03": _DUTY,
        "r04": ("all", _is("consent_status", "refused"), _NO_SIG, _NO_DUTY),
        "r05": ("all", _is("consent_status", "none"), _NO_SIG, _NO_DUTY),
        "r06": ("all", _NO_DUTY, ("any", _no("accurate"), _no("up_to_date"))),
        "r07": ("all", _NO_DUTY, _no("necessary")),
        "r08": (
            "all",
            _NO_DUTY,
            _no("need_to_know"),
            ("not", _is("recipient", "police")),
            ("not", _is("recipient", "social_care")),
        ),
        "r09": _no("secure_channel"),
        "r10": ("all", _yes("in_doubt"), _no("has_sought_advice")),
        "r11": (
            "all",
            _yes("risk_to_child"),
            ("at_least", "harm_score", 30),
            ("below", "harm_score", 60),
            ("not", _GIVEN),
            _no("has_sought_advice"),
        ),
        "r12": (
            "all",
            ("at_least", "child_age", 16),
            _is("consent_status", "refused"),
            _SIG,
            _NO_DUTY,
            _no("has_sought_advice"),
        ),
        "r13": (
            "all",
            ("any", _GIVEN, _SIG, _DUTY),
            _no("telling_raises_risk"),
            _no("suspected_sexual_abuse"),
            _no("suspected_fabricated_illness"),
            _no("would_undermine_investigation"),
        ),
        "r14": ("all",),
    },
)

BLOCKS = ("r06", "r07", "r08", "r09")
LEGAL_DUTY = "r03"
DOUBTS = ("r10", "r11", "r12")
DENIALS = ("r04", "r05")
PERMITS = ("r01", "r02")
DUTIES = {"r05": "seek_consent", "r13": "inform_family", "r14": "record_decision"}
ONLY_DUTIES = ("r13", "r14")  # that say nothing on the outcome


def outcome_of(holding: Iterable[str]) -> str:
    """The outcome where these rules hold: a block, else a legal duty, else doubt, else a denial, else share."""
    rules = frozenset(holding)
    if rules.intersection(BLOCKS):
        return WITHHOLD
    if LEGAL_DUTY in rules:
        return SHARE
    if rules.intersection(DOUBTS):
        return SEEK_ADVICE
    return WITHHOLD if rules.intersection(DENIALS) else SHARE


def duties_of(outcome: str, holding: Iterable[str]) -> tuple[str, ...]:
    """What is to be done; the family is told only of what is shared."""
    named = [DUTIES[rule] for rule in holding if rule in DUTIES]
    return tuple(duty for duty in named if duty != "inform_family" or outcome == SHARE)


class Concluded(dict[tuple[str, ...], Answer]):
    """Rules that hold -> the answer, worked out once for each combination: as little as an engine could pay for it."""

    def __missing__(self, holding: tuple[str, ...]) -> Answer:
        outcome = outcome_of(holding)
        self[holding] = answer = (outcome, holding, duties_of(outcome, holding))
        return answer


class ConcludedFromTruths(dict[tuple[bool, ...], Answer]):
    """The same for engines that give a truth for each rule, in order."""

    def __init__(self, ids: Iterable[str]) -> None:
        super().__init__()
        self.ids = tuple(ids)

    def __missing__(self, truths: tuple[bool, ...]) -> Answer:
        holding = tuple(rule for rule, holds in zip(self.ids, truths, strict=True) if holds)
        outcome = outcome_of(holding)
        self[truths] = answer = (outcome, holding, duties_of(outcome, holding))
        return answer


def concluding(match: Match) -> Decide:
    """An engine that only matches rules -> one that decides."""
    concluded = Concluded()
    return lambda case: concluded[tuple(match(case))]

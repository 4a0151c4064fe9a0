"""The shapes of a decision's JSON form, `infoshare.decision/1`, for type checkers.

Invariant: written from the parts of a decision (`codec.types`), and a test keeps it so; within `/1` keys are only
ever added. Deliberately not here: writing and reading it (`codec`).
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict

AnswerJson: TypeAlias = bool | int | str | list[str] | dict[str, bool] | None


class PolicyDict(TypedDict):
    """Which policy decided."""

    name: str | None
    title: str | None
    version: str | None
    digest: str


class CitationDict(TypedDict):
    """A place in a source."""

    source: str
    at: str | None


class ClauseDict(TypedDict):
    """A clause, in the one shape that it has everywhere."""

    clause: str
    kind: str
    effect: str | None
    statement: str
    cites: list[CitationDict]
    facts: dict[str, AnswerJson]
    by: NotRequired[list["ClauseDict"]]
    waiting_for: NotRequired[list[str]]
    rows: NotRequired[list[list[str | None]]]
    instead_of: NotRequired[str | None]


class AnswerDict(TypedDict):
    """One possible answer."""

    value: AnswerJson
    label: str


# A key is a keyword of Python, hence the other way of writing this one.
QuestionDict = TypedDict(
    "QuestionDict",
    {
        "fact": str,
        "ask": str,
        "type": str,
        "answers": list[AnswerDict],
        "answered": str | None,
        "for": list[str],
        "leads_to": dict[str, list[str]],
        "leads_to_strength": NotRequired[dict[str, list[str | None]]],
        "rows": NotRequired[list[list[str | None]]],
    },
)


# A key is a keyword of Python, hence the other way of writing this one.
DutyDict = TypedDict(
    "DutyDict",
    {
        "duty": str,
        "timing": str,
        "do": str,
        "state": Literal["due", "open"],
        "waiting_for": list[str],
        "cites": list[CitationDict],
        "for": NotRequired[dict[str, str] | None],
        "within": NotRequired[str | None],
        "by": NotRequired[str | None],
    },
)


# A key is a keyword of Python, hence the other way of writing this one.
LiftedDict = TypedDict(
    "LiftedDict",
    {
        "duty": str,
        "by": list[ClauseDict],
        "timing": str,
        "do": str,
        "cites": list[CitationDict],
        "for": NotRequired[dict[str, str] | None],
        "need_not": NotRequired[bool | None],
    },
)


class SafeguardDict(TypedDict):
    """A condition to keep."""

    safeguard: str
    statement: str
    cites: list[CitationDict]


class HoldDict(TypedDict):
    """A safeguard that holds a row back, or may."""

    safeguard: str
    remedy: str
    statement: str
    cites: list[CitationDict]
    facts: dict[str, AnswerJson]
    waiting_for: list[str]


class DisclosureDict(TypedDict):
    """One item for one recipient."""

    item: str | None
    recipient: str | None
    release: bool | None
    held_by: list[HoldDict]
    open_by: list[HoldDict]
    outcome: NotRequired[str | None]
    mandatory: NotRequired[bool | None]
    strength: NotRequired[Literal["must", "should", "may"] | None]
    basis: NotRequired[str | None]
    possible: NotRequired[list[str]]
    fired: NotRequired[list[str]]
    defeated: NotRequired[list[str]]


# A key is a keyword of Python, hence the other way of writing this one.
AdviceDict = TypedDict(
    "AdviceDict",
    {
        "advice": str,
        "whom": str,
        "cites": list[CitationDict],
        "for": NotRequired[dict[str, str] | None],
    },
)


class AssumptionDict(TypedDict):
    """What an unanswered fact was taken to be."""

    fact: str
    value: AnswerJson
    matters: bool


class AskConsentDict(TypedDict):
    """Somebody whose consent is to be sought."""

    person: str | None
    whom: str | None
    by: list[str]
    rows: list[list[str | None]]


class RelaxedDict(TypedDict):
    """A clause that stands and no longer says must or should."""

    clause: str
    by: list[str]


class DecisionDict(TypedDict):
    """Within /1 keys are only ever added, so readers pass over keys that they do not know; `outcome` and `basis` are closed sets."""

    format: str
    policy: PolicyDict
    case: str | None
    as_of: str
    outcome: str
    mandatory: bool | None
    exact: bool
    basis: str
    fired: list[ClauseDict]
    defeated: list[ClauseDict]
    excepted: list[ClauseDict]
    unresolved: list[ClauseDict]
    not_fired: list[ClauseDict]
    relied_on: dict[str, AnswerJson]
    possible: list[str]
    questions: list[QuestionDict]
    duties: list[DutyDict]
    lifted: list[LiftedDict]
    safeguards: list[SafeguardDict]
    disclosures: list[DisclosureDict]
    advice: list[AdviceDict]
    assumed: list[AssumptionDict]
    strength: NotRequired[Literal["must", "should", "may"] | None]
    ask_consent: NotRequired[list[AskConsentDict] | None]
    relaxed: NotRequired[list[RelaxedDict]]

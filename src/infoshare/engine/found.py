"""What a compiled policy finds of a case: what its verdict says, and the rest when it is looked at.

It is equal to what the definition finds, part for part. Invariant: what it is found from was copied when the case
was read, so that nothing that is done to the caller's dictionaries afterwards changes it.
"""

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from infoshare.meaning.findings import ClauseFinding, DutyFinding, Late
from infoshare.outcome import Outcome

if TYPE_CHECKING:
    from infoshare.engine.engine import Compiled
    from infoshare.engine.verdict import Verdict
    from infoshare.meaning.case import Case
    from infoshare.meaning.deciding import Defined

_new = object.__new__
_clause, _later = vars(ClauseFinding)["clause"].__set__, vars(Late)["_later"].__set__

Parts = dict[str, "tuple[Case, Any]"]
"""Parts of what was found by name, and of which case."""

LOOKED_UP = (
    "advice",
    "assumed",
    "disclosures",
    "exact",
    "excepted",
    "lifted",
    "not_fired",
    "questions",
    "relied_on",
    "safeguards",
    "unresolved",
)
"""The parts that the definition finds, for all cases at once that are told alike."""


class Found:
    """See `infoshare.meaning.findings.Findings` for each part.

    Attributes:
        values: the facts that were read, in the order of the plan.
        rest: the name of the case and its lists, where it says either.
        given: the case, as it was read.
        alike: what is kept of the cases that are told alike, once something of it was looked at.
        defined: what the definition finds of this one, once it was asked.
    """

    ask_consent = None  # what uses a form that has these has no fast form
    relaxed = ()
    strength = None

    __slots__ = (
        "alike",
        "defined",
        "duties",
        "engine",
        "given",
        "outcome",
        "rest",
        "values",
        "verdict",
        *LOOKED_UP,
    )

    alike: "Parts | None"
    defined: "Defined | None"
    given: "Case"
    outcome: Outcome
    duties: tuple[DutyFinding, ...]
    engine: "Compiled"
    rest: "tuple[str | None, Case | None] | None"
    values: tuple[Any, ...]
    verdict: "Verdict"

    mandatory = property(attrgetter("verdict.mandatory"))
    basis = property(attrgetter("verdict.basis"))
    possible = property(attrgetter("verdict.possible"))
    as_read = property(attrgetter("given"))
    policy = property(attrgetter("engine.policy"))
    as_of = property(attrgetter("engine.day"))
    model = property(attrgetter("engine.model"))

    @property
    def case(self) -> str | None:
        return None if self.rest is None else self.rest[0]

    @property
    def fired(self) -> tuple[ClauseFinding, ...]:
        same = self.verdict.same
        if same is not None:
            return same
        values, fired = self.values, []
        for each in self.verdict.fired:
            clause = each.same
            if clause is None:  # as `Reasons.of`, which would take as long again to be called
                clause = _new(ClauseFinding)
                _clause(clause, each.clause)
                _later(clause, (each.part, values))
            fired.append(clause)
        return tuple(fired)

    @property
    def defeated(self) -> tuple[ClauseFinding, ...]:
        by_number = self.verdict.defeated
        if by_number is None:
            found: tuple[ClauseFinding, ...] = self.engine.part(self, "defeated")
            return found
        return self.engine.defeated(by_number, self.values)

    def __getattr__(self, name: str) -> Any:
        """A part that was not looked at before."""
        if name in {"alike", "defined"}:
            return None
        if name == "given":
            part: Any = self.engine.case(self.values, self.rest)
        elif name in LOOKED_UP:
            part = self.engine.part(self, name)
        else:
            raise AttributeError(name)
        setattr(self, name, part)
        return part

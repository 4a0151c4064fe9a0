"""One case as a policy sees it: its world, what stands in it, and the outcome that follows."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Case, Row, here_of, rows
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import Standing, evaluate, holds_back
from infoshare.meaning.findings import Citation, ClauseFinding
from infoshare.meaning.model import Cite, Clause, Model, Provision, Safeguard
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.reasons import why_holds
from infoshare.meaning.types import Answer
from infoshare.meaning.world import World
from infoshare.outcome import Basis, Outcome


@attrs.frozen(eq=False, slots=False)
class View:
    """What a policy says of a case.

    Attributes:
        possible: the outcomes of the completions, in the order of `Outcome`.
        outcome: the decision's own: seek advice, while more than one is possible.
        basis: what it rests on, but for a policy out of force.
        mandatory: whether a clause that concludes the outcome says must.
    """

    outlook: Outlook
    standing: Standing

    @property
    def world(self) -> World:
        """The conditions of the case."""
        return self.outlook.world

    @property
    def model(self) -> Model:
        """The policy."""
        return self.outlook.world.model

    @property
    def case(self) -> Case:
        """The case."""
        return self.outlook.world.case

    @cached_property
    def possible(self) -> tuple[Outcome, ...]:
        return tuple(o for o in Outcome if self.outlook.possible(self.standing.outcome[o]))

    @cached_property
    def outcome(self) -> Outcome:
        return self.possible[0] if len(self.possible) == 1 else Outcome.SEEK_ADVICE

    @cached_property
    def basis(self) -> Basis:
        if len(self.possible) > 1:
            return Basis.UNKNOWN_FACTS
        if self.outlook.possible(self.standing.only[self.outcome]):
            return Basis.CLAUSES
        return Basis.CONFLICT if self.outlook.possible(self.standing.conflict) else Basis.SILENCE

    @cached_property
    def mandatory(self) -> bool | None:
        if self.outlook.certain(self.standing.mandatory):
            return mandatory(self.basis, True)
        return mandatory(self.basis, None if self.outlook.possible(self.standing.must) else False)

    @property
    def size(self) -> int:
        """How many conditions there are to look at, about: those of provisions, of elements where some ask, and of rows."""
        listed = sum(map(len, self.case.elements.values())) + len(rows(self.case))
        each = listed if self.model.has_quantifiers else 1
        return len(self.model.order) * each + len(self.model.safeguards) * len(rows(self.case))

    @cached_property
    def held_back(self) -> Mapping[Row, tuple[tuple[Safeguard, Diagram], ...]]:
        """For each row, the safeguards that speak of it, and where each keeps it back."""
        listed = here_of(rows(self.case)[0]).keys()
        safeguards = [s for s in self.model.safeguards.values() if listed >= set(s.scope)]
        back, world, standing = holds_back, self.world, self.standing
        return {
            row: tuple([(s, back(world, standing, s, here)) for s in safeguards])
            for row in rows(self.case)
            for here in (here_of(row),)
        }

    def everywhere(self, where: Diagram) -> bool | None:
        """True if it is so in every completion, False if in none, else None."""
        if self.outlook.certain(where):
            return True
        return None if self.outlook.possible(where) else False

    def finding(self, provision: Provision, facts: Mapping[str, object] | None = None) -> ClauseFinding:
        """A clause in its one shape; with the facts that make it hold, if no others are given."""
        return finding(provision, why_holds(self.world, provision) if facts is None else facts)

    def acting(
        self, names: Iterable[str], acts: Mapping[str, Diagram], where: Diagram
    ) -> tuple[ClauseFinding, ...]:
        """Of these overrides or exceptions, those that act wherever this is so; if none, somewhere there."""
        clauses, exceptions = self.model.clauses, self.model.exceptions
        ordered = self.model.in_policy_order(clauses[n] if n in clauses else exceptions[n] for n in names)
        always = [p for p in ordered if self.outlook.certain(~where | acts[p.name])]
        somewhere = always or [p for p in ordered if self.outlook.possible(where & acts[p.name])]
        return tuple(self.finding(p) for p in somewhere)


def view(
    model: Model,
    case: Case,
    day: date,
    known: Mapping[str, Answer],
    *,
    open_lists: bool = False,
    budget: Budget | None = None,
) -> View:
    """The view of a case of which this is known; for the rest see `World`."""
    world = World(model, case, day, known, open_lists=open_lists, budget=budget)
    return View(Outlook(world), evaluate(world))


def mandatory(basis: Basis, by_must: bool | None) -> bool | None:
    """Whether an outcome is mandatory.

    Args:
        by_must: True where a clause that says must concludes the outcome of every completion, False where no such
            clause stands in any, else None.
    """
    match basis:
        case Basis.CLAUSES:
            return by_must
        case Basis.UNKNOWN_FACTS:
            return False if by_must is False else None
        case _:
            return False


def finding(provision: Provision, facts: Mapping[str, object]) -> ClauseFinding:
    """A clause in its one shape, with the facts that made it so."""
    clause = provision if isinstance(provision, Clause) else None
    return ClauseFinding(
        provision.name,
        clause.kind if clause else type(provision).__name__.rstrip("_").lower(),
        clause.effect if clause else None,
        provision.statement,
        citations(provision.cites),
        facts,
    )


def citations(cites: Iterable[Cite]) -> tuple[Citation, ...]:
    """Citations as a decision holds them."""
    return tuple(Citation(c.source, c.at) for c in cites)

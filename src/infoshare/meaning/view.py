"""One case as a policy sees it: its world, what stands in it, and the outcome that follows, row by row."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.budget import Budget
from infoshare.meaning.case import Case, Row, here_of, rows
from infoshare.meaning.diagram import Diagram
from infoshare.meaning.evaluator import OfEach, Standing, evaluate, follow, holds, holds_back, holds_of
from infoshare.meaning.findings import Citation, ClauseFinding, Strength
from infoshare.meaning.model import SIDES, Cite, Clause, Model, Provision, Safeguard
from infoshare.meaning.outlook import Outlook
from infoshare.meaning.reasons import why_holds
from infoshare.meaning.types import Answer
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.outcome import OUTCOMES, Basis, Outcome


@attrs.frozen(eq=False, slots=False)
class View:
    """What a policy says of a case, or (see `ByRow`) of some rows of it.

    Attributes:
        possible: the outcomes of the completions, in the order of `OUTCOMES`.
        outcome: the decision's own: seek advice, while more than one is possible.
        basis: what it rests on, but for a policy out of force.
        mandatory: whether a clause that concludes the outcome says must.
        strength: must, should or may, where every completion rests on clauses and agrees.
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
        return tuple(o for o in OUTCOMES if self.outlook.possible(self.standing.outcome[o]))

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

    @cached_property
    def strength(self) -> Strength | None:
        outlook, standing = self.outlook, self.standing
        if len(self.possible) > 1 or not outlook.certain(standing.only[self.outcome]):
            return None
        if outlook.certain(standing.mandatory):
            return "must"
        if outlook.possible(standing.mandatory):
            return None
        if outlook.certain(standing.should):
            return "should"
        return None if outlook.possible(standing.should) else "may"

    @cached_property
    def rows(self) -> "Mapping[Row, View]":
        """What is said of each row; here, of all of them the same."""
        return dict.fromkeys(rows(self.case), self)

    @cached_property
    def one_of_each(self) -> tuple[Row, ...]:
        """A row for each view: of the others it says the same."""
        found: dict[int, Row] = {}
        for row, view in self.rows.items():
            found.setdefault(id(view), row)
        return tuple(found.values())

    @cached_property
    def dues(self) -> dict[object, tuple[Diagram, Diagram]]:
        """Where duties are due and lifted, kept as they are found (`consequences.due`)."""
        return {}

    @cached_property
    def brings(self) -> dict[object, Diagram]:
        """What brings each duty, likewise."""
        return {}

    @property
    def by_row(self) -> bool:
        """Whether each row has an outcome of its own."""
        return False

    @property
    def views(self) -> "tuple[View, ...]":
        """What is said of the rows, each once."""
        return (self,)

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
        return self._held_back_by([s for s in self.model.safeguards.values() if listed >= set(s.scope)])

    def of_any_element(self) -> "View":
        """The same, with every safeguard speaking of every row: of a list that the case does not give, as of any element.

        What can be so of no row then can be so of no row of any case that gives the lists.
        """
        found = copy(self)
        for part in ("goes", "dues", "brings"):
            vars(found).pop(part, None)
        vars(found)["held_back"] = self._held_back_by(self.model.safeguards.values())
        return found

    def _held_back_by(
        self, safeguards: Collection[Safeguard]
    ) -> Mapping[Row, tuple[tuple[Safeguard, Diagram], ...]]:
        back, world = holds_back, self.world
        return {
            row: tuple([(s, back(world, view.standing, s, here)) for s in safeguards])
            for row, view in self.rows.items()
            for here in (here_of(row),)
        }

    @cached_property
    def goes(self) -> Mapping[Row, Diagram]:
        """Where each item goes to each recipient: its outcome is share, and no safeguard keeps it back."""
        either, no = self.world.diagrams.either, self.world.diagrams.no
        nobody = self.by_row and any(self.case.elements.get(side) == () for side in SIDES)
        return {
            row: no
            if nobody
            else self.rows[row].standing.outcome[Outcome.SHARE] & ~either(back for _, back in held)
            for row, held in self.held_back.items()
        }

    def everywhere(self, where: Diagram) -> bool | None:
        """True if it is so in every completion, False if in none, else None."""
        if self.outlook.certain(where):
            return True
        return None if self.outlook.possible(where) else False

    def acting(
        self, names: Iterable[str], acts: Mapping[str, Diagram], where: Diagram, here: Here = NOWHERE
    ) -> tuple[ClauseFinding, ...]:
        """Of these overrides or exceptions, those that act wherever this is so; if none, somewhere there.

        Args:
            here: the elements in hand.
        """
        clauses, exceptions = self.model.clauses, self.model.exceptions
        ordered = self.model.in_policy_order(clauses[n] if n in clauses else exceptions[n] for n in names)
        always = [p for p in ordered if self.outlook.certain(~where | acts[p.name])]
        somewhere = always or [p for p in ordered if self.outlook.possible(where & acts[p.name])]
        return tuple(finding(p, why_holds(self.world, p, in_hand(p, here))) for p in somewhere)


class ByRow(View):
    """What a policy that says something for each item or recipient, or each of another list, says of a case.

    The outcome is what all rows agree on; where two settled rows differ, or some are settled and others not, it is
    `differs`. Its `standing` is where something is so of some row.
    """

    def __init__(self, outlook: Outlook, rows: Mapping[Row, View]) -> None:
        object.__setattr__(self, "outlook", outlook)
        vars(self)["rows"] = rows

    @cached_property
    def standing(self) -> Standing:
        standings, either = [view.standing for view in self.views], self.world.diagrams.either

        def joined(parts: list[Any]) -> Any:
            if isinstance(parts[0], Mapping):
                return {key: joined([part[key] for part in parts]) for key in parts[0]}
            return either(parts)

        fields: dict[str, Any] = {
            field.name: joined([getattr(each, field.name) for each in standings])
            for field in attrs.fields(Standing)
        }
        return Standing(**fields)

    @cached_property
    def views(self) -> tuple[View, ...]:
        return tuple({id(view): view for view in self.rows.values()}.values())

    @property
    def by_row(self) -> bool:
        return True

    @cached_property
    def _agreed(self) -> bool:
        """Whether every row has the same settled outcome, or none is settled."""
        settled = {view.outcome for view in self.views if len(view.possible) == 1}
        return not settled or (len(settled) == 1 and all(len(view.possible) == 1 for view in self.views))

    @cached_property
    def possible(self) -> tuple[Outcome, ...]:
        found = {outcome for view in self.views for outcome in view.possible}
        return tuple(outcome for outcome in OUTCOMES if outcome in found)

    @cached_property
    def outcome(self) -> Outcome:
        return self.views[0].outcome if self._agreed else Outcome.DIFFERS

    @cached_property
    def basis(self) -> Basis:
        if not self._agreed:
            return Basis.ROWS
        bases = [view.basis for view in self.views]
        strongest = (Basis.UNKNOWN_FACTS, Basis.CLAUSES, Basis.CONFLICT, Basis.SILENCE)
        return next(basis for basis in strongest if basis in bases)

    @cached_property
    def mandatory(self) -> bool | None:
        found = {view.mandatory for view in self.views}
        return found.pop() if self._agreed and len(found) == 1 else None

    @cached_property
    def strength(self) -> Strength | None:
        found = {view.strength for view in self.views}
        return found.pop() if self._agreed and len(found) == 1 else None


def by_row(outlook: Outlook) -> ByRow:
    """What is said of each row; rows of which the same holds share what follows from it."""
    world, case = outlook.world, outlook.world.case
    kept: dict[tuple[object, ...], Any] = {}
    views: dict[tuple[object, ...], View] = {}
    found: dict[Row, View] = {}
    provisions = list(world.model.in_order())
    for row in rows(case):
        here = here_of(row)
        holding: dict[str, Diagram] = {}
        of_each: dict[str, OfEach] = {}
        told_apart: list[object] = []
        for provision in provisions:
            name = provision.name
            of = (name, *[here.get(side) for side in provision.sides])
            known = kept.get(of)
            if known is None:
                each = holds_of(world, provision, here) if provision.other_list else None
                where = (
                    holds(world, provision, here) if each is None else world.diagrams.either(each.values())
                )
                known = kept[of] = each, where, (id(where), *map(id, (each or {}).values()))
            each, where, same = known
            holding[name] = where
            if each is not None:
                of_each[name] = each
            told_apart.append(same)
        key = tuple(told_apart)
        if key not in views:
            views[key] = View(outlook, follow(world, holding, of_each))
        found[row] = views[key]
    return ByRow(outlook, found)


def in_hand(provision: Provision, here: Here) -> Here:
    """Of the elements in hand, those of which a provision speaks."""
    return {group: here[group] for group in provision.scope if group in here}


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
    return viewed(World(model, case, day, known, open_lists=open_lists, budget=budget))


def viewed(world: World) -> View:
    """The view of a case of which the world is at hand."""
    outlook = Outlook(world)
    return by_row(outlook) if world.model.has_rows else View(outlook, evaluate(world))


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
        instead_of=provision.instead_of,
    )


def citations(cites: Iterable[Cite]) -> tuple[Citation, ...]:
    """Citations as a decision holds them."""
    return tuple(Citation(c.source, c.at) for c in cites)

"""What a decision rests on where each row has an outcome: the assumptions that matter, and as few answers as settle it.

The case is written down as formulas with everything open, and what is known is put in: to ask what comes of it where
one answer is another, or is not known, only what hangs on that answer is looked at again.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from itertools import chain
from operator import or_

from infoshare.budget import Budget
from infoshare.meaning.case import Row
from infoshare.meaning.consequences import visible
from infoshare.meaning.diagram import Diagram, Diagrams, variables_of
from infoshare.meaning.evaluator import Standing
from infoshare.meaning.formula import Before, Bits, Formula, Formulas, OfFormulas, Proof, Valuation
from infoshare.meaning.model import SIDES
from infoshare.meaning.types import Answer
from infoshare.meaning.view import View, by_row
from infoshare.meaning.world import World
from infoshare.outcome import Basis, Outcome

SPLITS = 100
"""How often every value of something unknown is tried to see what settles a row."""


class GroundsByRow:
    """The grounds of one decision of which each row has an outcome.

    Args:
        decided: the view of the case as it is.
        fixed: what is known of it and is not opened.
    """

    def __init__(self, decided: View, fixed: Mapping[str, Answer]) -> None:
        self.decided, self.fixed = decided, fixed

    @cached_property
    def _opened(self) -> View:
        """The case as formulas, with everything open; what is decided of each row is as it is."""
        decided = self.decided
        world = World(decided.model, decided.case, decided.world.day, self.fixed, open_lists=True)
        self._budget = world.diagrams.budget.steps
        world.diagrams = Formulas()
        seen = by_row(OfFormulas(world))
        for row, own in decided.rows.items():
            vars(seen.rows[row])["outcome"] = own.outcome
        return seen

    @property
    def _known(self) -> dict[str, dict[int, int]]:
        """What is known, by key, as values of variables, as far as it has been asked for."""
        return known_values(self._opened.world, self.decided.world.known)

    def _valuation(self, wheres: Iterable[Diagram], diagrams: Diagrams | None = None) -> Valuation:
        """What formulas come to with all that is known."""
        known = {variable: value for of_key in self._known.values() for variable, value in of_key.items()}
        return Valuation(wheres, known, diagrams)

    def turning(self, keys: Iterable[str]) -> set[str]:
        """The facts, or lists, of which another answer alone changes anything, in a completion that their own admits."""
        seen, found = self._opened, set[str]()
        wheres = by_number(chain(*visible(seen, self.decided.outcome).values()))
        care = seen.outlook.care
        valuation = self._valuation([care, *wheres.values()], Diagrams(Budget(self._budget)))
        exists, as_it_is = valuation.diagrams.exists, valuation.diagram(care)
        for key in keys:
            mine = seen.world.of_key(key)
            before = valuation.put(dict.fromkeys(mine))
            can_be = valuation.diagram(care)
            for where in valuation.hanging(wheres, before):
                so = valuation.diagram(where)
                turned = exists(can_be & so, mine) & exists(can_be & ~so, mine) & as_it_is
                if turned is not valuation.diagrams.no:
                    found.add(key)
                    break
            valuation.undo(before)
        return found

    def relied_on(self) -> frozenset[str]:
        """As few known facts, and lists, as settle every settled row.

        Kleene's tables name few facts that settle a row, where need be for each answer to what is unknown; of these
        facts each is left out without which the rest still settles. Of a row that they do not settle within
        `SPLITS`, all known facts are named that bear on it.
        """
        decided, world, impossible = self.decided, self._opened.world, ~self._opened.outlook.care
        settled = [row for row, own in decided.rows.items() if len(own.possible) == 1]
        rows = [(where, where | impossible) for where in by_number(map(self._wanted, settled)).values()]
        valuation, keys, bits = self._valuation(chain(*rows)), sorted(self._known), self._bits
        unknown, proofs, needed = valuation.tests.keys() - bits.of.keys(), list[Proof](), 0
        for ways in rows:
            found = (
                valuation.proof(way, unknown, Budget(SPLITS), bits)
                for way in ways
                if isinstance(way, Formula)
            )
            proof = next(filter(None, found), None)
            if proof is None:
                needed |= reduce(or_, (bits.of.get(v, 0) for v in variables_of(ways[0].support)), 0)
            else:
                proofs.append(proof)
        named = reduce(or_, (proof.facts for proof in proofs), needed)
        variables = [world.of_key(key) for key in keys]
        nameless = (of_key for n, of_key in enumerate(variables) if not named >> n & 1)
        valuation.put(dict.fromkeys(chain(*nameless)))
        tried: dict[frozenset[tuple[int, int]], set[int]] = {}
        for proof in proofs:
            for values in proof.wherever:
                tried.setdefault(values, set()).add(proof.where.number)
        everywhere = [(valuation.beside(values), numbers) for values, numbers in tried.items()]
        # That nobody is listed settles what goes to whom.
        kept = {side for side in SIDES if decided.case.elements.get(side) == ()}
        for n in reversed(variables_of(named)):
            done: list[tuple[Valuation, Before]] = []
            for each, numbers in everywhere:
                done.append((each, each.put(dict.fromkeys(variables[n]))))
                if needed >> n & 1 or not numbers.isdisjoint(done[-1][1].truths):
                    kept.add(keys[n])
                    for changed, before in done:
                        changed.undo(before)
                    break
        return frozenset(kept)

    @property
    def _bits(self) -> Bits:
        """The known facts as bits, in the order of their keys."""
        keys, elements = sorted(self._known), self.decided.case.elements
        sides = [
            (len(elements[side]) - 1, sum(1 << n for n, key in enumerate(keys) if key.startswith(f"{side}[")))
            for side in SIDES
            if len(elements.get(side, ())) > 1
        ]

        def cost(facts: int) -> int:  # rather one fact of the case than one of each element
            return facts.bit_count() + sum(more * (facts & of_side).bit_count() for more, of_side in sides)

        return Bits({v: 1 << n for n, key in enumerate(keys) for v in self._opened.world.of_key(key)}, cost)

    def _wanted(self, row: Row) -> Diagram:
        """Where the same is settled of a row as is decided."""
        decided, seen = self.decided, self._opened
        where = wanted_of(seen.rows[row].standing, decided.rows[row])
        released = decided.everywhere(decided.goes[row])
        if released is None:
            return where
        return where & (seen.goes[row] if released else ~seen.goes[row])


def by_number(wheres: Iterable[Diagram]) -> dict[int, Formula]:
    """Those that are not the same everywhere, each once."""
    return {where.number: where for where in wheres if isinstance(where, Formula)}


def known_values(world: World, known: Mapping[str, Answer]) -> dict[str, dict[int, int]]:
    """What is known, by key, as values of a world's variables; lists are as the case gives them."""
    values: dict[str, dict[int, int]] = {}
    for variable in world.variables:
        key = variable.keys[0]
        if variable.fact is not None and key in known:
            values.setdefault(key, {})[variable.index] = world.encoded(variable, known[key])
    for group in world.listed():
        values[group] = {world.list_variable(group).index: 1}
    return values


def wanted_of(standing: Standing, own: View) -> Diagram:
    """Where the same is settled of a row as is decided, as seen where less is known."""
    where = target(standing, own.outcome, own.basis)
    strong = {"must": standing.mandatory, "should": standing.should & ~standing.mandatory}
    if own.mandatory is not None:
        where = where & (standing.mandatory if own.mandatory else ~standing.mandatory)
    if own.strength is not None:
        weak = ~(standing.mandatory | standing.should)
        where = where & strong.get(own.strength, weak)
    return where


def target(standing: Standing, outcome: Outcome, basis: Basis) -> Diagram:
    """Where this outcome is reached on this basis (for clauses and conflict, or on one that gives way to it)."""
    match basis:
        case Basis.SILENCE:
            return standing.silence
        case Basis.CONFLICT:
            return standing.conflict | standing.silence
        case _:
            return standing.outcome[outcome]


def is_name(key: str) -> bool:
    """Whether a key is of the name of an element."""
    return key.endswith("].name")

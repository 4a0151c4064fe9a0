"""How many elements of each list a case needs to show whatever any number of them can.

Whatever is so of some elements goes on being so where only those are kept that show what there is: for a quantifier
one, for a count so many, for what is for each of a list one each; and all of these for each element of another list of
which it is asked. Only what acts on the provisions that are asked about counts.
Deliberately not here: trying such cases (`search`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from math import prod

from infoshare.meaning.model import (
    SIDES,
    Clause,
    Condition,
    Counted,
    Define,
    InHand,
    Meets,
    Model,
    Provision,
    Quantified,
    Referred,
    lists_of,
    named_by,
    parts,
)
from infoshare.meaning.types import Reference

ELEMENTS = ("first", "second", "third")
MOST_GIVEN = 64
"""So many ways to give the lists are tried on each day."""
MOST_LISTED = 3
"""So many elements in all are tried, where no number is enough to be sure."""
MANY = 1000
"""More elements than are ever tried."""


class Lists:
    """The lists to give, for what some provisions come to.

    Args:
        about: their names; all provisions, if not given.
        also: another policy, of which all provisions are meant too.
    """

    def __init__(
        self, model: Model, about: Iterable[str] | None = None, *, also: Model | None = None
    ) -> None:
        self.model = model
        names = None if about is None else acting(model, about)
        self.provisions = [p for p in model.provisions() if names is None or p.name in names]
        asked = [condition for provision in self.provisions for condition in provision.conditions]
        asked += [impossible.condition for impossible in model.impossibles]
        self._conditions = [*model.conditions()] if names is None else asked
        followed = None if names is None else model.defines
        self._parts = {part for condition in self._conditions for part in parts(condition, followed)}
        if also is not None and also is not model:
            self.provisions = [*dict.fromkeys([*self.provisions, *also.provisions()])]
            self._parts |= {part for condition in also.conditions() for part in parts(condition)}
        self._models = (model,) if also is None else (model, also)
        self._by_row = also is not None or any(
            m.has_rows or any(g.scope for g in m.guarantees.values()) for m in self._models
        )

    @cached_property
    def needed(self) -> Mapping[str, int]:
        """How many elements of each list are needed; `MANY` where no number is known to be enough."""
        by_list: dict[str, list[tuple[int, Sequence[str]]]] = {}
        for part in self._parts:
            group, count = _kept_for(part)
            if group is not None:
                by_list.setdefault(group, []).append((count, lists_of(part, self._defines)))
        for provision in self.provisions:
            if provision.other_list is not None:
                by_list.setdefault(provision.other_list, []).append((1, ()))
        if self._by_row:
            for side in SIDES:
                if any(side in provision.scope for provision in self.provisions):
                    by_list.setdefault(side, []).append((1, ()))

        def needed(group: str, within: tuple[str, ...] = ()) -> int:
            if group in within:
                return MANY
            kept = (
                count * prod(max(1, needed(other, (*within, group))) for other in others)
                for count, others in by_list.get(group, ())
            )
            return min(MANY, sum(kept))

        groups = dict.fromkeys(group for model in self._models for group in model.groups)
        return {group: needed(group) for group in groups if group in by_list}

    @property
    def _defines(self) -> Mapping[str, Define]:
        return {name: define for model in self._models for name, define in model.defines.items()}

    @cached_property
    def are_enough(self) -> bool:
        """Whether as many elements as there are names for can show whatever any number can."""
        named = any(
            f.each and f.name == "name"
            for model in self._models
            for c in (self._conditions if model is self.model else model.conditions())
            for f in model.facts_of(c)
        )
        return (
            not named
            and all(count <= len(ELEMENTS) for count in self.needed.values())
            and prod(map(len, self._sizes)) <= MOST_GIVEN
        )

    @property
    def _has_rows(self) -> bool:
        return any(model.has_rows for model in self._models)

    def ways(self) -> Iterator[Mapping[str, tuple[str, ...]]]:
        """The ways to give them: with no element, and with as many as are needed; with each number between these, where
        the number may matter. Where each row has an outcome and these are not all that there can be, few
        elements come first, and never more than `MOST_LISTED`.
        """
        sizes = self._sizes
        if not self.are_enough and self._has_rows:
            sizes = [range(max(size) + 1) for size in sizes]
        chosen: Iterator[tuple[int, ...]] = product(*sizes)
        if not self.are_enough and self._has_rows:
            chosen = iter(sorted((each for each in chosen if sum(each) <= MOST_LISTED), key=sum))
        for each in islice(chosen, MOST_GIVEN):
            yield {g: ELEMENTS[:size] for g, size in zip(self.needed, each, strict=True)}

    def largest(self) -> Mapping[str, tuple[str, ...]]:
        """The largest that are tried."""
        return {group: ELEMENTS[: min(count, len(ELEMENTS))] for group, count in self.needed.items()}

    @cached_property
    def _sizes(self) -> list[Sequence[int]]:
        told_by_number = {part.group for part in self._parts if isinstance(part, Counted)}
        told_by_number |= {
            fact.type.group
            for model in self._models
            for fact in model.facts.values()
            if isinstance(fact.type, Reference)
        }
        most = {group: min(count, len(ELEMENTS)) for group, count in self.needed.items()}
        return [range(size + 1) if group in told_by_number else (0, size) for group, size in most.items()]


def acting(model: Model, about: Iterable[str]) -> set[str]:
    """These provisions, and all that can act on them, directly or not."""
    found, pending = set[str](), [*about]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        pending += [*model.set_aside_by.get(name, ()), *model.prevailed_over_by.get(name, ())]
        provision: Provision | None = model.clauses.get(name)
        if isinstance(provision, Clause) and provision.closing:
            pending += model.clauses
    return found


def _kept_for(part: Condition) -> tuple[str | None, int]:
    """Of which list elements have to be kept for a condition to be what it is, and how many."""
    if isinstance(part, Quantified):
        return part.group, 1
    if isinstance(part, Counted):
        return part.group, part.number if part.op == ">=" else part.number + 1
    if isinstance(part, Meets) and not any(isinstance(named, InHand) for named in named_by(part)):
        (reference, *_) = (named.fact.type for named in named_by(part) if isinstance(named, Referred))
        return (reference.group, 1) if isinstance(reference, Reference) else (None, 0)
    return None, 0

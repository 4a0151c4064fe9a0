"""Clauses, exceptions, duties, safeguards, advice and guarantees as written -> provisions of the model.

Deliberately not here: what acts on what, and what stands instead of what (`relations`).
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeAlias

from infoshare.diagnostic import Label
from infoshare.meaning import model as m
from infoshare.meaning.answer_binding import with_article
from infoshare.meaning.binding import Binder
from infoshare.meaning.faults import Faults
from infoshare.meaning.lookup import Groups
from infoshare.meaning.names import Names
from infoshare.meaning.types import Date, Reference
from infoshare.syntax import tree as t

Acting: TypeAlias = t.Clause | t.Exception_
Declared: TypeAlias = Acting | t.Duty | t.Safeguard | t.Advice | t.Guarantee


class ProvisionBinder:
    """Takes in the provisions of a policy, file by file and in order.

    Args:
        cites: binds what is cited.

    Attributes:
        provisions: by name, each with the word that declares it.
        parts: by name.
        acting: the clauses and exceptions as written.
        replacing: those that stand instead of another, as written.
        file_of: for each provision, which of the files declares it.
        at_fault: those of which it has been told that they cannot be for each of what they are.
        promised: the duties that guarantees speak of.
    """

    def __init__(
        self,
        faults: Faults,
        names: Names,
        binder: Binder,
        cites: Callable[[Iterable[t.Cite]], tuple[m.Cite, ...]],
    ) -> None:
        self.faults, self.names, self.binder, self.cites = faults, names, binder, cites
        self.provisions: dict[str, tuple[str, m.Provision]] = {}
        self.parts: dict[str, m.Part] = {}
        self.acting: list[Acting] = []
        self.replacing: list[Declared] = []
        self.file_of: dict[str, int] = {}
        self.at_fault: set[str] = set()
        self.promised: list[t.Name] = []
        self._files = 0
        self._policy: str | None = None
        self._part: m.Part | None = None
        self._part_node: t.Part | None = None

    def file(self, declarations: Iterable[t.Declaration], policy: str | None, *, promises: bool) -> None:
        """Takes in the declarations of a file.

        Args:
            policy: the policy that the file is of.
            promises: whether its guarantees are the loaded policy's own.
        """
        self._policy, self._part, self._part_node = policy, None, None
        self._files += 1
        for node in declarations:
            match node:
                case t.Part():
                    self._begin(node)
                case t.Clause():
                    self._clause(node)
                case t.Exception_():
                    self._exception(node)
                case t.Duty():
                    here = self._scope(node)
                    timings = tuple(m.Timing(timing.order, timing.act) for timing in node.timings)
                    deadline = None if node.deadline is None else self._deadline(node.deadline, here)
                    self._add(node, "duty", m.Duty, here, timings=timings, deadline=deadline)
                case t.Safeguard():
                    self._safeguard(node)
                case t.Advice():
                    self._add(node, "advice", m.Advice, self._scope(node), statement=node.whom)
                case t.Guarantee():
                    if promises:
                        self.promised.extend(() if node.duty is None else (node.duty,))
                        duty = None if node.duty is None else node.duty.text
                        self._add(
                            node,
                            "guarantee",
                            m.Guarantee,
                            self._scope(node),
                            modality=node.modality,
                            outcome=node.outcome,
                            duty=duty,
                        )
                case _:
                    pass

    def _begin(self, node: t.Part) -> None:
        said = node.provisions
        check_dates(self.faults, said.start, said.end)
        condition = None if said.when is None else self.binder.condition(said.when)
        part = m.Part(
            node.name.text,
            node.title,
            condition,
            day(said.start),
            day(said.end),
            self.cites(said.cites),
            self._policy,
        )
        self._part, self._part_node = part, node
        if self.names.take("part", node.name):
            self.parts[part.name] = part

    def _scope(self, node: Declared) -> Groups | None:
        """The lists of each of which it speaks; None, with the fault told, if one is none."""
        there = [self.binder.is_list(group, node.name.span) for group in node.scope]
        return frozenset(node.scope) if all(there) else None

    def _clause(self, node: t.Clause) -> None:
        here, effect = self._scope(node), node.effect
        whom, of_somebody = self._whom(effect.whom, here)
        self._add(
            node,
            node.kind,
            m.Clause,
            here,
            besides=of_somebody,
            kind=node.kind,
            outcome=effect.outcome,
            must=effect.must,
            should=effect.should,
            whom=whom,
            closing=effect.closing,
        )

    def _exception(self, node: t.Exception_) -> None:
        here = self._scope(node)
        other = next((group for group in node.scope if group not in m.SIDES), None)
        if node.relaxes and other is not None and here is not None:
            self.faults.error(
                "IS217",
                f"`{node.name.text}` relaxes for each {other}: a clause says must for the whole of a row, or not",
                node.name.span,
                help=(
                    f"leave out `for each {other}`, and write `when any {other} (…)` or `when every {other} (…)`",
                ),
            )
            here = None
        self._add(node, "exception", m.Exception_, here, relaxes=node.relaxes)

    def _safeguard(self, node: t.Safeguard) -> None:
        here = self._scope(node)
        other = next((group for group in node.scope if group not in m.SIDES), None)
        if other is not None and here is not None:
            self.faults.error(
                "IS217",
                f"`{node.name.text}` is a safeguard for each {other}, and what is shared is an item for a recipient",
                node.name.span,
                help=(
                    f"leave out `for each {other}`, and write `require every {other} (…)`; "
                    "or write it for each item, recipient or both",
                ),
            )
            here = None
        require = None if here is None else self.binder.condition(node.require, here)
        self._add(
            node,
            "safeguard",
            m.Safeguard,
            here,
            require=m.All(()) if require is None else require,
            otherwise=node.otherwise,
        )

    def _add(
        self,
        node: Declared,
        what: str,
        make: Callable[..., m.Provision],
        here: Groups | None,
        besides: m.Condition | None = None,
        **parts: Any,
    ) -> None:
        """Takes in a provision, with what the part that it stands in says of it.

        Args:
            here: the lists of which it speaks of each; None where they have a fault: its conditions are then not bound.
            besides: what has to be so too for it to hold.
        """
        said = node.provisions
        check_dates(self.faults, said.start, said.end)
        when = None if said.when is None or here is None else self.binder.condition(said.when, here)
        unless = None if said.unless is None or here is None else self.binder.condition(said.unless, here)
        if not self.names.take("provision", node.name):
            return
        start, end, cites = day(said.start), day(said.end), self.cites(said.cites)
        part = self._part
        if part is not None and not isinstance(node, t.Advice | t.Guarantee):
            when = together(part.condition, when)
            start, end = self._in_part(node, part)
            cites = cites or part.cites
        replaced = instead_of(node)
        parts.setdefault("statement", getattr(node, "statement", ""))
        self.provisions[node.name.text] = (
            what,
            make(
                name=node.name.text,
                scope=node.scope,
                part=part.name if part else None,
                instead_of=replaced.text if replaced else None,
                when=together(when, besides),
                unless=unless,
                start=start,
                end=end,
                because=said.because,
                cites=cites,
                policy=self._policy,
                span=node.name.span,
                **parts,
            ),
        )
        self.file_of[node.name.text] = self._files
        if here is None:
            self.at_fault.add(node.name.text)
        if isinstance(node, t.Clause | t.Exception_):
            self.acting.append(node)
        if replaced is not None:
            self.replacing.append(node)

    def _in_part(self, node: Declared, part: m.Part) -> tuple[date | None, date | None]:
        """From when and until when it is in force, by its own dates and those of its part."""
        said = node.provisions
        start = max((d for d in (day(said.start), part.start) if d is not None), default=None)
        end = min((d for d in (day(said.end), part.end) if d is not None), default=None)
        own = said.start or said.end
        if start is not None and end is not None and end < start and own is not None and self._part_node:
            self.faults.error(
                "IS306",
                f"`{node.name.text}` is in force only outside the dates of its part `{part.name}`",
                own.span,
                also=(Label(self._part_node.name.span, "the part that it stands in"),),
                help=("check which date is which, or put it in another part",),
            )
        return start, end

    # --- whom, and by when ------------------------------------------------------------------

    def _whom(self, node: t.Whom | None, here: Groups | None) -> tuple[m.Whom | None, m.Condition | None]:
        """Whom to ask, and for each of some, the condition that there is one of them."""
        if node is None or here is None:
            return None, None
        match node:
            case t.Text(text):
                return text, None
            case t.Name(text):
                return (m.InHand(text) if self._may_ask_in_hand(node, here) else None), None
            case t.Path():
                fact = self._asked_by_reference(node, here)
                return (None if fact is None else m.Referred(fact)), None
            case t.EachOf(group, inner, path):
                if not self.binder.is_list(group.text, group.span):
                    return None, None
                fact = None if path is None else self._asked_by_reference(path, here, group.text)
                condition = self.binder.condition(inner, here | {group.text})
                if condition is None or (fact is None and path is not None):
                    return None, None
                within = None if fact is None else m.Referred(fact)
                somebody = m.Quantified("any", group.text, condition, within)
                return m.EachOf(group.text, condition, within), somebody

    def _may_ask_in_hand(self, node: t.Name, here: Groups) -> bool:
        group = node.text
        if group in here:
            return True
        if self.binder.is_list(group, node.span):
            self.faults.error(
                "IS211",
                f"`{group}` is one {group}, and it is not said which",
                node.span,
                help=(f"write `seek consent from each {group} (…)`, or make it a clause `for each {group}`",),
            )
        return False

    def _asked_by_reference(self, path: t.Path, here: Groups, group: str | None = None) -> m.Fact | None:
        if path.further is not None:
            whole = f"{path.group}.{path.fact}"
            self.faults.error(
                "IS302",
                f"`{path.text}` goes through a reference, and whom to ask is named by one alone",
                path.span,
                help=(
                    f"write `seek consent from {whole}`, or `from each person (…)` with what is so of them",
                ),
            )
            return None
        if not self._is_spoken_of(path, here, "make it a clause"):
            return None
        fact = self.binder.reference(path, here, but="names nobody, so nobody can be asked")
        if fact is None or group is None or not isinstance(fact.type, Reference) or fact.type.group == group:
            return fact
        self.faults.error(
            "IS302",
            f"`{fact.path}` names no {group}",
            path.span,
            f"it names elements of `{fact.type.group}`",
            help=(f"write `each {fact.type.group} in {fact.path} (…)`",),
        )
        return None

    def _is_spoken_of(self, path: t.Path, here: Groups, make_it: str) -> bool:
        """Whether a fact is outside lists, or of an element that is spoken of; told if not."""
        fact = self.binder.facts.get(path.text)
        if fact is None or not fact.each or fact.group in here:
            return True
        self.faults.error(
            "IS211",
            f"`{path.text}` speaks of one {fact.group}, and it is not said which",
            path.span,
            help=(f"{make_it} `for each {fact.group}`, or name a fact outside lists",),
        )
        return False

    def _deadline(self, node: t.Deadline, here: Groups | None) -> m.Deadline:
        return m.Deadline(
            node.count, node.unit, None if node.of is None else self._counted_from(node.of, here)
        )

    def _counted_from(self, path: t.Path, here: Groups | None) -> m.Fact | None:
        if path.further is not None:
            self.faults.error(
                "IS302",
                f"`{path.text}` goes through a reference, and a time is counted from one date",
                path.span,
                help=("count from a date outside lists, or one of what the duty is for each of",),
            )
            return None
        if here is None or not self._is_spoken_of(path, here, "make it a duty"):
            return None
        fact = self.binder.fact(path, here)
        if fact is None or isinstance(fact.type, Date):
            return fact
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {with_article(fact.type)}, and a time is counted from a date",
            path.span,
            help=("count from a fact that is a `date`, or leave `of` out: from the day of the decision",),
        )
        return None


def check_dates(faults: Faults, start: t.Date | None, end: t.Date | None) -> None:
    """Tells an end that is before the beginning."""
    if start is not None and end is not None and end.value < start.value:
        faults.error(
            "IS306",
            "expected an end after the beginning, found one before it",
            end.span,
            "before the date that it is in force from",
            also=(Label(start.span, "in force from here"),),
            help=("check which date is which",),
        )


def instead_of(node: Declared) -> t.Name | None:
    """What it stands instead of."""
    return None if isinstance(node, t.Guarantee) else node.instead_of


def together(first: m.Condition | None, second: m.Condition | None) -> m.Condition | None:
    """Both conditions, where there are both."""
    if first is None or second is None:
        return second if first is None else first
    return m.All((first, second))


def day(node: t.Date | None) -> date | None:
    """The date that is written, if any."""
    return None if node is None else node.value

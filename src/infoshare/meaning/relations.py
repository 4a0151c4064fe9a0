"""What acts on what, and what stands instead of what: targets by name, and an order in which actors come first."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TypeAlias

from infoshare.diagnostic import Label, Nearest
from infoshare.meaning.circles import in_order
from infoshare.meaning.faults import Faults, an
from infoshare.meaning.model import Clause, Provision
from infoshare.meaning.provision_binding import Acting, Declared, ProvisionBinder, instead_of
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

_SET_ASIDE = frozenset({"exception", "duty", "safeguard", "advice"})
_LIFTED = frozenset({"duty", "advice"})


@frozen
class Relations:
    """See `Model` for the meaning of each."""

    set_aside_by: Mapping[str, tuple[str, ...]]
    prevailed_over_by: Mapping[str, tuple[str, ...]]
    relaxed_by: Mapping[str, tuple[str, ...]]
    replaced_by: Mapping[str, str]
    targets: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]


def relations(
    faults: Faults,
    bound: ProvisionBinder,
    clauses: Mapping[str, Clause],
    others: Mapping[str, Mapping[str, Provision]],
) -> Relations:
    """Binds every target.

    Args:
        bound: the provisions, with those that act on others as they were written.
        others: by kind, the provisions that are not clauses: exception, duty, safeguard, advice,
            and those that nothing can act on, guarantee and impossible.
    """
    checker = _Checker(faults, bound, clauses, others)
    replaced = checker.replaced()
    aimed = checker.aimed(replaced)
    tables: dict[str, dict[str, list[str]]] = {"sets aside": {}, "relaxes": {}, "prevails": {}}
    for node, names in aimed:
        checker.check_scope(node, names)
        table = tables[_acts(node)]
        for name in names:
            table.setdefault(name, []).append(node.name.text)
    checker.check_lifting(aimed)
    graph: dict[str, list[str]] = {name: [] for name in (*others["exception"], *clauses)}
    for node, names in aimed:
        for name in names:
            if name in graph:
                graph[name].append(node.name.text)
    closing = [name for name, clause in clauses.items() if clause.closing]
    for name in closing:
        graph[name] += [each for each, clause in clauses.items() if not clause.closing]
    order = in_order(
        faults,
        graph,
        {node.name.text: node.name.span for node, _ in aimed},
        "IS210",
        ("`{}` acts on itself", "these act on one another in a circle: {}"),
        "take one of them out of the circle, so that it is plain which goes first",
        reverse=True,
    )
    set_aside, relaxed, prevailed = (
        {name: tuple(by) for name, by in table.items()} for table in tables.values()
    )
    return Relations(
        set_aside,
        prevailed,
        relaxed,
        replaced,
        {node.name.text: tuple(names) for node, names in aimed},
        (*order, *others["duty"], *others["advice"]),
    )


def _acts(node: Acting) -> str:
    if isinstance(node, t.Clause):
        return "prevails"
    return "relaxes" if node.relaxes else "sets aside"


Aimed: TypeAlias = list[tuple[Acting, dict[str, Span]]]
"""What acts on others, with the names of what it acts on, and where each is named."""


class _Checker:
    """Checks what acts on what, and what stands instead of what; the arguments are those of `relations`."""

    def __init__(
        self,
        faults: Faults,
        bound: ProvisionBinder,
        clauses: Mapping[str, Clause],
        others: Mapping[str, Mapping[str, Provision]],
    ) -> None:
        self.faults, self.bound, self.clauses = faults, bound, clauses
        self.kinds = {name: kind for kind, table in others.items() for name in table}
        aside = (name for name, kind in self.kinds.items() if kind in _SET_ASIDE)
        overrules, sets_aside = Nearest(clauses), Nearest(chain(clauses, aside))
        self.near = {"prevails": overrules, "relaxes": overrules, "sets aside": sets_aside}

    def aimed(self, replaced: Mapping[str, str]) -> Aimed:
        """What every target names: of a blanket one, the clauses that it is about."""
        found: Aimed = []
        blanket: list[tuple[Acting, dict[str, Span], t.AllOtherClauses]] = []
        for node in self.bound.acting:
            if not node.targets or self._closes(node):
                continue
            names: dict[str, Span] = {}
            found.append((node, names))
            for target in node.targets:
                match target:
                    case t.EveryConsentClause():
                        each = (name for name, c in self._without_must(node) if c.kind == "consent")
                        names.update(dict.fromkeys(each, target.span))
                    case t.EveryClauseOf(part):
                        if self._is_part(part):
                            inside = self._in_part(part.text, replaced)
                            each = (name for name, _ in self._without_must(node) if name in inside)
                            names.update(dict.fromkeys(each, target.span))
                    case t.AllOtherClauses():
                        blanket.append((node, names, target))
                    case t.Name(name):
                        if self.may_act_on(node, target):
                            names[name] = target.span
                            # What targets the one replaced reaches the one that stands instead.
                            while (name := replaced.get(name, "")) and name != node.name.text:
                                names.setdefault(name, target.span)
        above = _above(found)
        alike = {node.name.text for node, _, _ in blanket if isinstance(node, t.Clause)}
        for node, names, target in blanket:
            spared = alike | above(node.name.text) if isinstance(node, t.Clause) else frozenset()
            every = (name for name, _ in self._without_must(node) if name not in spared)
            names.update({name: target.span for name in every if name not in names})
        return found

    def _without_must(self, node: Acting) -> Iterable[tuple[str, Clause]]:
        """The clauses of which a blanket target of this one may speak."""
        closed = isinstance(node, t.Clause)
        for name, clause in self.clauses.items():
            if not clause.must and name != node.name.text and not (closed and clause.closing):
                yield name, clause

    def _in_part(self, part: str, replaced: Mapping[str, str]) -> set[str]:
        """The clauses of a part, and those that stand instead of one."""
        found = {name for name, clause in self.clauses.items() if clause.part == part}
        for name in tuple(found):
            while name := replaced.get(name, ""):
                found.add(name)
        return found

    def _is_part(self, name: t.Name) -> bool:
        if name.text in self.bound.parts or name.text in self.faults.broken:
            return True
        self.faults.unknown(
            "IS203",
            f"no part is named `{name.text}`",
            name.span,
            space="part",
            known=self.bound.parts,
            help=(f'declare it before the clauses that it heads: `part {name.text} "its title"`',),
        )
        return False

    def _closes(self, node: Acting) -> bool:
        """Whether it is a closing clause, which prevails over nothing; told."""
        if not isinstance(node, t.Clause) or not node.effect.closing:
            return False
        self.faults.error(
            "IS208",
            f"`{node.name.text}` stands only where no other clause does, so there is nothing that it prevails over",
            node.name.span,
            help=("leave out what it prevails over, and write it as a `rule`",),
        )
        return True

    def may_act_on(self, node: Acting, target: t.Name) -> bool:
        """Whether this target is one that the node can act on; told if not."""
        name = target.text
        if name in self.clauses:
            clause = self.clauses[name]
            if isinstance(node, t.Clause) and clause.closing:
                self.faults.error(
                    "IS208",
                    f"`{name}` stands only where no other clause does, so nothing needs to prevail over it",
                    target.span,
                    help=(f"leave `{name}` out: where `{node.name.text}` stands, it does not",),
                )
                return False
            if isinstance(node, t.Clause) and clause.must and not node.effect.must:
                self.faults.warning(
                    "IS216",
                    f"`{node.name.text}` does not say `must`, and prevails over `{name}`, which does",
                    target.span,
                    help=("check that the paragraph allows a power to prevail over a legal duty",),
                )
            return True
        kind = self.kinds.get(name)
        excepts = isinstance(node, t.Exception_)
        sets_aside = isinstance(node, t.Exception_) and not node.relaxes
        if kind is None:
            if name not in self.faults.broken:
                what = "clause, duty or other provision" if sets_aside else "clause"
                self.faults.unknown(
                    "IS203",
                    f"no {what} is named `{name}`",
                    target.span,
                    space="provision",
                    known=self.near[_acts(node)],
                    help=self._instead(node, name),
                )
            return False
        if sets_aside and kind in _SET_ASIDE:
            return True
        if sets_aside:
            acting = "an exception cannot set that aside"
        elif excepts:
            acting = "only what a clause says can be relaxed"
        else:
            acting = "an override cannot prevail over that"
        help_: tuple[str, ...] = (
            "only consent clauses, rules and overrides have an outcome that another can prevail over",
        )
        if sets_aside:
            help_ = (f"{an(kind)} speaks of what must always be so: change its condition instead",)
        elif excepts:
            help_ = ("only consent clauses, rules and overrides say must or should",)
        if not sets_aside and kind in _SET_ASIDE:
            help_ = (*help_, f"to take it out of play, write an `exception` that `sets aside {name}`")
        self.faults.error("IS208", f"`{name}` is {an(kind)}, and {acting}", target.span, help=help_)
        return False

    def _instead(self, node: Acting, name: str) -> tuple[str, ...]:
        if name in {"everything", "everyone", "anything", "all", "others"}:
            return ("write `every consent clause`, or the names of what is meant, with commas between them",)
        acts = {"sets aside": "set aside", "prevails": "prevail over", "relaxes": "relax"}[_acts(node)]
        return (f"write the name of what it is to {acts}, which stands after the word that declares it",)

    # --- of each ----------------------------------------------------------------------------

    def check_scope(self, node: Acting, names: Mapping[str, Span]) -> None:
        """Tells what acts on a part only of what it names."""
        at_fault = self.bound.at_fault
        if not isinstance(node, t.Exception_) or node.name.text in at_fault:
            return
        own = self.bound.provisions[node.name.text][1]
        for name, span in names.items():
            what, target = self.bound.provisions[name]
            if own.other_list is not None and target.other_list != own.other_list:
                missing = own.other_list
            elif what in _LIFTED:
                missing = next((group for group in own.scope if group not in target.scope), "")
            else:
                missing = ""
            if missing and name not in at_fault:
                self._tell_scope(node, name, missing, span, f"`{name}`, which it {_acts(node)}, is not")
                return

    def check_lifting(self, aimed: Aimed) -> None:
        """Tells an exception to what lifts a duty or advice, if it is of a part only of what that is for."""
        lifts: dict[str, dict[str, None]] = {}
        for node, names in aimed:
            if _acts(node) == "sets aside":
                lifts[node.name.text] = dict.fromkeys(names)
        for node, names in aimed:
            own = self.bound.provisions[node.name.text][1]
            if not isinstance(node, t.Exception_) or not own.scope or node.name.text in self.bound.at_fault:
                continue
            for exception, span in names.items():
                reached = _reached(lifts, exception) if exception in lifts else ()
                for name in reached:
                    what, target = self.bound.provisions[name]
                    missing = next((group for group in own.scope if group not in target.scope), "")
                    if what in _LIFTED and missing and name not in self.bound.at_fault:
                        also = f"`{name}`, which `{exception}` sets aside, is not"
                        self._tell_scope(node, name, missing, span, also)
                        break

    def _tell_scope(self, node: Acting, name: str, group: str, span: Span, but: str) -> None:
        self.faults.error(
            "IS217",
            f"`{node.name.text}` is for each {group}, and {but}",
            span,
            f"`{name}` is not for each {group}",
            help=(
                f"leave out `for each {group}`, and write `when any {group} (…)` or `when every {group} (…)`",
                f"or write `{name}` for each {group} too",
            ),
        )

    # --- instead ----------------------------------------------------------------------------

    def replaced(self) -> dict[str, str]:
        """For what a used policy declares, what stands instead of it."""
        found: dict[str, str] = {}
        places: dict[str, Span] = {}
        for node in self.bound.replacing:
            old = instead_of(node)
            if old is None or not self._may_replace(node, old):
                continue
            if old.text in found:
                self.faults.error(
                    "IS218",
                    f"two provisions stand instead of `{old.text}`",
                    old.span,
                    "this is the second",
                    also=(Label(places[old.text], "the first"),),
                    help=("keep one of them, or let the second stand instead of the first",),
                )
                continue
            found[old.text], places[old.text] = node.name.text, old.span
        return found

    def _may_replace(self, node: Declared, old: t.Name) -> bool:
        name = old.text
        what = self.bound.provisions[node.name.text][0]
        if name not in self.bound.provisions:
            if name not in self.faults.broken:
                known = [
                    n
                    for n, (kind, _) in self.bound.provisions.items()
                    if kind == what and n != node.name.text
                ]
                self.faults.unknown(
                    "IS203",
                    f"no {_kind(what)} is named `{name}`",
                    old.span,
                    space="provision",
                    known=known,
                    help=(f"write the name of {an(_kind(what))} of a policy that is used",),
                )
            return False
        theirs, provision = self.bound.provisions[name]
        if theirs != what:
            self.faults.error(
                "IS208",
                f"`{name}` is {an(_kind(theirs))}, and {an(_kind(what))} cannot stand instead of it",
                old.span,
                help=(f"declare `{node.name.text}` as {an(_kind(theirs))} too",),
            )
            return False
        if self.bound.file_of[name] == self.bound.file_of[node.name.text]:
            self.faults.error(
                "IS218",
                f"`{node.name.text}` stands instead of `{name}`, which is of the same file",
                old.span,
                help=("change that one itself: what is replaced is of a policy that is used",),
            )
            return False
        mine = self.bound.provisions[node.name.text][1]
        if isinstance(provision, Clause) and isinstance(mine, Clause) and provision.must and not mine.must:
            self.faults.warning(
                "IS219",
                f"`{node.name.text}` does not say `must`, and stands instead of `{name}`, which does",
                old.span,
                help=("check that what it cites allows less than a legal duty here",),
            )
        return True


def _kind(what: str) -> str:
    return "consent clause" if what == "consent" else what


def _above(aimed: Aimed) -> Callable[[str], set[str]]:
    """What tells the clauses that prevail over one by name, directly or not."""
    over: dict[str, list[str]] = {}
    for node, names in aimed:
        if isinstance(node, t.Clause):
            for name in names:
                over.setdefault(name, []).append(node.name.text)
    return lambda name: set(_reached(over, name))


def _reached(graph: Mapping[str, Iterable[str]], start: str) -> tuple[str, ...]:
    """What is reached from a name, by one step or more."""
    found: dict[str, None] = {}
    pending = [start]
    while pending:
        new = [name for name in graph.get(pending.pop(), ()) if name not in found]
        found.update(dict.fromkeys(new))
        pending.extend(new)
    return tuple(found)

"""Trees -> the model: every declaration of every file, bound, typed and checked.

All faults are told at once; a declaration that has one is left out, and what refers to it is not
blamed for that. Deliberately not here: reading and finding files (`infoshare.policy.load`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from infoshare.diagnostic import Diagnostic, Label, Nearest
from infoshare.meaning import model as m
from infoshare.meaning.binding import NOBODY, Binder
from infoshare.meaning.circles import check_defines
from infoshare.meaning.faults import Faults
from infoshare.meaning.names import Names
from infoshare.meaning.provision_binding import ProvisionBinder, check_dates, day
from infoshare.meaning.relations import relations
from infoshare.meaning.scenario import Scenario, ScenarioBinder
from infoshare.meaning.value_binding import ValueBinder
from infoshare.meaning.value_dates import Bounded, check_values_in_time
from infoshare.meaning.vocabulary_binding import VocabularyBinder
from infoshare.syntax import tree as t
from infoshare.text import Span
from infoshare.values import frozen

T = TypeVar("T")


@frozen
class ParsedFile:
    """One file to be bound.

    Attributes:
        uses: the paths of the files that it uses directly.
        broken: names that its broken declarations would have declared.
        incomplete: whether a file that it uses could not be had.
    """

    path: str
    tree: t.File
    uses: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    incomplete: bool = False


@frozen
class Resolution:
    """The model (None when there is an error), the scenarios of the file that was loaded, the faults."""

    model: m.Model | None
    scenarios: tuple[Scenario, ...]
    diagnostics: tuple[Diagnostic, ...]


def resolve(files: Sequence[ParsedFile], *, digest: str = "") -> Resolution:
    """Binds the files of one policy: used files first, the file that was loaded last."""
    resolver = _Resolver(files)
    return resolver.resolve(digest)


class _Resolver:
    def __init__(self, files: Sequence[ParsedFile]) -> None:
        self.files = files
        broken = (name for file in files for name in file.broken)
        self.faults = Faults(broken, incomplete=any(file.incomplete for file in files))
        self.headers: dict[str, tuple[m.Header, Span]] = {}
        self.header_of: dict[str, m.Header] = {}
        self.names = Names(self.faults)
        self.vocabulary = VocabularyBinder(self.faults, self.names)
        self.sources: dict[str, m.Source_] = {}
        self.near_sources = Nearest(self.sources)

    def resolve(self, digest: str) -> Resolution:
        self._headers()
        self._each(t.SourceDecl, self._source)
        self._each(t.FactsDecl, lambda _, node: self.vocabulary.group(node))
        groups, facts = self.vocabulary.groups, self.vocabulary.facts
        values = ValueBinder(self.faults, self.names, groups, facts)
        self._each(t.ValueDecl, lambda _, node: values.value(node))
        defines = self._named("term", t.DefineDecl)
        about = {name: node.for_each.text if node.for_each else None for name, node in defines.items()}
        entangled = self.vocabulary.settle(about, values.values)
        self.binder = Binder(self.faults, groups, facts, about, values.values)
        bound_defines = self._defines(defines)
        impossibles = self._impossibles()
        self.binders = binder = ProvisionBinder(self.faults, self.names, self.binder, self._cites)
        self.provisions = binder.provisions
        for file in self.files:
            header = self.header_of.get(file.path)
            policy = header.name if header else None
            binder.file(file.tree.declarations, policy, promises=self._own(file))
        clauses = self._table(m.Clause)
        others: dict[str, Mapping[str, m.Provision]] = {
            "exception": self._table(m.Exception_),
            "duty": self._table(m.Duty),
            "safeguard": self._table(m.Safeguard),
            "advice": self._table(m.Advice),
            "guarantee": self._table(m.Guarantee),
            "impossible": {i.name: m.Provision(name=i.name, statement=i.why) for i in impossibles},
        }
        acts = relations(self.faults, binder, clauses, others)
        check_values_in_time(
            self.faults,
            values.values,
            bound_defines,
            self.define_order,
            self._users_of_values(impossibles),
        )
        scenarios = self._scenarios()
        self.faults.settle(self.names.places, (file.tree.span.source for file in self.files))
        model = m.Model(
            header=self._main_header(),
            headers={name: header for name, (header, _) in self.headers.items()},
            groups=self.vocabulary.groups,
            facts=self.vocabulary.facts,
            defines=bound_defines,
            values=values.values,
            sources=self.sources,
            impossibles=tuple(impossibles),
            clauses=clauses,
            exceptions=self._table(m.Exception_),
            duties=self._table(m.Duty),
            safeguards=self._table(m.Safeguard),
            advice=self._table(m.Advice),
            guarantees=self._table(m.Guarantee),
            set_aside_by=acts.set_aside_by,
            prevailed_over_by=acts.prevailed_over_by,
            targets=acts.targets,
            relaxed_by=acts.relaxed_by,
            replaced_by=acts.replaced_by,
            holidays=self._holidays(),
            parts=binder.parts,
            new_words=self._new_words(),
            declared=tuple(self.provisions),
            order=acts.order,
            entangled=frozenset(self.binder.entangled) | entangled,
            digest=digest,
        )
        found = tuple(self.faults.found)
        failed = any(d.severity == "error" for d in found)
        return Resolution(None if failed else model, scenarios, found)

    # --- policies and sources ---------------------------------------------------------------

    def _headers(self) -> None:
        for file in self.files:
            for node in (n for n in file.tree.declarations if isinstance(n, t.PolicyDecl)):
                if file.path in self.header_of:
                    self.faults.error(
                        "IS213",
                        "expected one policy in a file, found a second",
                        node.name.span,
                        "this is the second",
                        help=("put it in a file of its own",),
                    )
                    continue
                check_dates(self.faults, node.start, node.end)
                header = m.Header(
                    node.name.text,
                    node.title,
                    node.version,
                    node.owner,
                    day(node.start),
                    day(node.end),
                    day(node.review_by),
                )
                self.header_of[file.path] = header
                if node.name.text in self.headers:
                    self.names.taken("policy", node.name, self.headers[node.name.text][1])
                else:
                    self.headers[node.name.text] = (header, node.name.span)

    def _main_header(self) -> m.Header | None:
        main = self.files[-1]
        if main.path in self.header_of:
            return self.header_of[main.path]
        used = [self.header_of[path] for path in main.uses if path in self.header_of]
        return used[0] if len(used) == 1 else None

    def _own(self, file: ParsedFile) -> bool:
        """Whether a file's guarantees are the loaded policy's own."""
        main = self.files[-1]
        if file.path == main.path:
            return True
        header = self._main_header()
        return (
            main.path not in self.header_of and header is not None and self.header_of.get(file.path) is header
        )

    def _source(self, _: ParsedFile, node: t.SourceDecl) -> None:
        if self.names.take("source", node.name):
            self.sources[node.name.text] = m.Source_(
                node.name.text, node.title, node.by, day(node.dated), node.at
            )

    def _defines(self, nodes: Mapping[str, t.DefineDecl]) -> dict[str, m.Define]:
        bound: dict[str, m.Define] = {}
        for name, node in nodes.items():
            each = self._about(node)
            here = NOBODY if each is None else frozenset({each})
            condition = None if each == "" else self.binder.condition(node.condition, here)
            if "{" in node.phrase:
                self.binder.check_places(node.phrase, node.name.span, each)
            if condition is not None:
                bound[name] = m.Define(name, node.phrase, condition, each)
        spans = {name: nodes[name].name.span for name in nodes}
        self.define_order = check_defines(
            self.faults, {name: d.condition for name, d in bound.items()}, spans
        )
        return bound

    def _about(self, node: t.DefineDecl) -> str | None:
        """The list of whose elements a define speaks; empty, with the fault told, where it is none."""
        if node.for_each is None:
            return None
        group, name = node.for_each.text, node.name.text
        if not self.binder.is_list(group, node.for_each.span):
            return ""
        if f"{group}.{name}" in self.binder.facts:
            self.faults.error(
                "IS207",
                f"`{group}.{name}` is a fact already, and this define would be written the same",
                node.name.span,
                also=(Label(self.names.places["fact", f"{group}.{name}"], "the fact"),),
                help=("give the define another name",),
            )
        return group

    def _new_words(self) -> bool:
        """Whether a form that came with rows and people is used of which the model shows nothing."""
        blanket = (target for node in self.binders.acting for target in node.targets)
        return (
            self.binder.new_words
            or self.vocabulary.new_words
            or any(isinstance(target, t.AllOtherClauses | t.EveryClauseOf) for target in blanket)
        )

    def _holidays(self) -> tuple[date, ...]:
        nodes = self._named("holidays", t.HolidaysDecl).values()
        return tuple(sorted({day.value for node in nodes for day in node.days}))

    def _impossibles(self) -> list[m.Impossible]:
        found = []
        for node in self._named("provision", t.ImpossibleDecl).values():
            condition = self.binder.condition(node.condition)
            if condition is not None:
                found.append(m.Impossible(node.name.text, node.why, condition))
        return found

    # --- what provisions need ---------------------------------------------------------------

    def _cites(self, cites: Iterable[t.Cite]) -> tuple[m.Cite, ...]:
        found: list[m.Cite] = []
        for cite in cites:
            name = cite.source.text
            if name in self.sources:
                places: Sequence[str | None] = cite.places or (None,)
                found.extend(m.Cite(name, place) for place in places)
            elif name not in self.faults.broken:
                self.faults.unknown(
                    "IS204",
                    f"no source is named `{name}`",
                    cite.source.span,
                    space="source",
                    known=self.near_sources,
                    help=(f'declare it: `source {name} "its title"`',),
                )
        return tuple(found)

    def _users_of_values(self, impossibles: Sequence[m.Impossible]) -> Iterator[Bounded]:
        main = self._main_header()
        begin = main.start if main else None
        for _, provision in self.provisions.values():
            header = self.headers[provision.policy][0] if provision.policy else None
            starts = (provision.start, header.start if header else None, begin)
            first = max((s for s in starts if s is not None), default=None)
            conditions = (provision.when, provision.unless, getattr(provision, "require", None))
            yield provision.name, provision.span, first, conditions
        for fact in self.vocabulary.facts.values():
            if fact.assumed_every is not None:
                yield fact.path, self.names.places["fact", fact.path], begin, (fact.assumed_every,)
        for impossible in impossibles:
            yield (
                impossible.name,
                self.names.places["provision", impossible.name],
                begin,
                (impossible.condition,),
            )

    # --- scenarios --------------------------------------------------------------------------

    def _scenarios(self) -> tuple[Scenario, ...]:
        main = self.files[-1]
        nodes = [n for n in main.tree.declarations if isinstance(n, t.Scenario)]
        if nodes and self._main_header() is None and not self.faults.broken:
            self.faults.error(
                "IS215",
                "a scenario needs one policy to be tried on",
                nodes[0].span,
                "this file is no policy, and does not use exactly one",
                help=('write `use "…"` with the policy that these scenarios are for',),
            )
        binder = ScenarioBinder(
            self.faults, self.binder, self.vocabulary.groups, self.vocabulary.facts, self.provisions
        )
        binder.names(self.binders.promised, ("duty",), "duty")
        return tuple(binder.scenario(node, self._cites(node.cites)) for node in nodes)

    # --- names ------------------------------------------------------------------------------

    def _each(self, kind: type[T], handle: Callable[[ParsedFile, T], None]) -> None:
        for file in self.files:
            for node in file.tree.declarations:
                if isinstance(node, kind):
                    handle(file, node)

    def _named(self, space: str, kind: type[T]) -> dict[str, T]:
        found: dict[str, T] = {}

        def take(_: ParsedFile, node: Any) -> None:
            if self.names.take(space, node.name):
                found[node.name.text] = node

        self._each(kind, take)
        return found

    def _table(self, kind: type[T]) -> dict[str, T]:
        return {name: p for name, (_, p) in self.provisions.items() if isinstance(p, kind)}

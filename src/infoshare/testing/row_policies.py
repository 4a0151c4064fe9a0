"""Random policies with rows and people: what is decided for each item, recipient and person, and whom a fact names.

Every form of the language that came with them is drawn, and leans towards what is hard: rows that differ, references
whose other answer changes a row, exceptions for some rows alone, whom to ask, clauses that close, parts.

Invariant: policies load without an error. The older generator (`policies`) draws what it always drew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from random import Random
from typing import Any, Literal

import attrs
from hypothesis import strategies as st

from infoshare.outcome import Act, Outcome
from infoshare.syntax import tree
from infoshare.testing.policies import EARLY, FactMade, Files, Maker, randoms

_OUTCOMES = (*[Outcome.SHARE] * 5, *[Outcome.WITHHOLD] * 3, *[Outcome.SEEK_CONSENT] * 3, Outcome.SEEK_ADVICE)
_ACTS = (
    *(Act.DECIDING, Act.SHARING, Act.SHARING, Act.HOLDING_BACK),
    *(Act.SEEKING_CONSENT, Act.WITHHOLDING, Act.SEEKING_ADVICE),
)
_LISTS = ("person", "item", "recipient", "visit")
SIDES = ("item", "recipient")

Acting = tree.Clause | tree.Exception_ | tree.Duty | tree.Safeguard | tree.Advice


@attrs.define
class RowMaker(Maker):
    """What has been declared so far, of which the next declaration may speak."""

    of_each: dict[str, list[str]] = attrs.field(factory=dict)  # the defines for each of a list
    made: dict[str, Acting] = attrs.field(factory=dict)
    parts: dict[str, list[tree.Clause]] = attrs.field(factory=dict)
    dated: bool = False  # whether the part that is being written has dates

    # --- vocabulary ---------------------------------------------------------------------------

    def options(self, in_order: float) -> tree.OneOf:
        values = ("low", "middle", "high", "other")[: self.rng.randint(2, 3)]
        return tree.OneOf(tuple(tree.Option(tree.Name(v)) for v in values), self.chance(in_order))

    def fact(self, group: str, name: str, kind: tree.TypeExpr, *, each: bool, assumed: float = 0.15) -> Any:
        """Declares a fact of some type."""
        said: tuple[tree.Value, ...] | tree.EveryElement | None = None
        if isinstance(kind, tree.Reference):
            if self.chance(0.2):
                said = (tree.Word("none"),)
            elif kind.many and self.chance(0.3) and (flags := self.flags(kind.group.text)):
                said = tree.EveryElement(kind.group, tree.Holds(self.rng.choice(flags).path))
        elif self.chance(assumed):
            said = self.assumed_of(kind)
        ask = f"What of {name} of the {group}?" if self.chance(0.5) else None
        self.facts.append(FactMade(tree.Path(group, name), kind, each))
        first = ask is not None and self.chance(0.2)
        return tree.FactDecl(tree.Name(name), f"{group} {name}", kind, said, ask, first, self.chance(0.1))

    def assumed_of(self, kind: tree.TypeExpr) -> tuple[tree.Value, ...] | None:
        match kind:
            case tree.YesNo():
                return (tree.Word(self.rng.choice(("no", "no", "yes"))),)
            case tree.OneOf():
                return (tree.Word(self.rng.choice(kind.options).value.text),)
            case tree.NumberType():
                return (self.number(),)
            case tree.SomeOf() | tree.DateType() | tree.TextType() | tree.Reference():
                return None

    def flags(self, group: str) -> list[FactMade]:
        return [f for f in self.facts if f.path.group == group and isinstance(f.type, tree.YesNo)]

    def vocabulary(self, large: bool) -> list[tree.Declaration]:
        out: list[tree.Declaration] = []
        chosen = [
            g for g in _LISTS if self.chance({"person": 0.9, "item": 0.7, "recipient": 0.85}.get(g, 0.2))
        ]
        self.each += chosen
        for group in chosen:
            flags = ("known", "harmed")[: self.rng.randint(1, 2)]
            own = [self.fact(group, name, tree.YesNo(), each=True) for name in flags]
            if self.chance(0.3):
                own.append(self.fact(group, "level", self.options(0.6), each=True))
            if group == "person" and self.chance(0.25):
                own.append(self.fact(group, "age", tree.NumberType("years", 0, 20), each=True))
            if self.chance(0.15):
                signs = tree.SomeOf(tuple(tree.Option(tree.Name(v)) for v in ("one_sign", "other_sign")))
                own.append(self.fact(group, "signs", signs, each=True))
            if "person" in chosen and group in SIDES and self.chance(0.75):
                many = group == "item" and self.chance(0.6)
                name = "about" if many else "who"
                own.append(self.fact(group, name, tree.Reference(tree.Name("person"), many), each=True))
            if group == "person" and self.chance(0.15):
                own.append(
                    self.fact(group, "parent", tree.Reference(tree.Name(group), self.chance(0.3)), each=True)
                )
            none = group not in SIDES and self.chance(0.35)
            out.append(tree.FactsDecl(tree.Name(group), f"each {group}", tuple(own), True, none))
        out.append(self.scalars_about("request", large))
        out += self.named()
        return out

    def scalars_about(self, group: str, large: bool) -> tree.FactsDecl:
        """The facts outside lists."""
        own = [
            self.fact(group, name, tree.YesNo(), each=False)
            for name in ("urgent", "agreed", "safe")[: 2 + large]
        ]
        if self.chance(0.4):
            own.append(self.fact(group, "stage", self.options(0.5), each=False))
        if self.chance(0.25):
            own.append(self.fact(group, "age", tree.NumberType(None, 0, 20), each=False))
        if self.chance(0.3):
            own.append(self.fact(group, "came_on", tree.DateType(), each=False))
        if "person" in self.each and self.chance(0.3):
            kind = tree.Reference(tree.Name("person"), self.chance(0.5))
            own.append(self.fact(group, "maker", kind, each=False))
        return tree.FactsDecl(tree.Name(group), f"the {group}", tuple(own))

    def named(self) -> Iterator[tree.Declaration]:
        """Values, holidays, defines, and what cannot be."""
        stages = [f for f in self.facts if not f.each and isinstance(f.type, tree.OneOf)]
        if self.chance(0.3):
            yield self.value("number")
        if stages and self.chance(0.4):
            yield self.value_by(stages[0])
        days = (date(2026, 4, 3), date(2026, 7, 2), date(2026, 12, 25), date(2027, 1, 1))
        yield tree.HolidaysDecl(
            tree.Name("closed"), tuple(tree.Date(d) for d in days[: self.rng.randint(1, 4)])
        )
        for group in self.each:
            if self.chance(0.3):
                name = self.name("such")
                said = self.condition(1, (group,))
                yield tree.DefineDecl(name, f"they are {name.text}", said, tree.Name(group))
                self.of_each.setdefault(group, []).append(name.text)
        if self.chance(0.3):
            name = self.name("idea")
            yield tree.DefineDecl(name, f"the {name.text}", self.condition(1))
            self.defines.append(name)
        if self.chance(0.08):
            yield self.impossible()

    def value_by(self, fact: FactMade) -> tree.ValueDecl:
        assert isinstance(fact.type, tree.OneOf)
        name = self.name("figure")
        self.values.setdefault("number", []).append(name)
        options = [o.value.text for o in fact.type.options][: self.rng.randint(1, 3)]
        last = (
            [*options[:-1], "others"]
            if self.chance(0.5) or len(options) < len(fact.type.options)
            else options
        )
        starts = [EARLY, date(2026, 7, 1)][: self.rng.randint(1, 2)]
        entries = [
            tree.ValueEntry(tree.Name(o), self.number(), tree.Date(start) if o == last[-1] else None)
            for start in starts
            for o in last
        ]
        return tree.ValueDecl(name, (), fact.path, tuple(entries))

    # --- conditions ---------------------------------------------------------------------------

    def in_hand(self, bound: Sequence[str], kind: type | tuple[type, ...] = object) -> list[FactMade]:
        """The facts of some type that may be spoken of here."""
        return [f for f in self.facts if (not f.each or f.path.group in bound) and isinstance(f.type, kind)]

    def references(
        self, bound: Sequence[str], group: str | None = None
    ) -> list[tuple[FactMade, tree.Reference]]:
        return [
            (f, f.type)
            for f in self.in_hand(bound, tree.Reference)
            if isinstance(f.type, tree.Reference) and group in (None, f.type.group.text)
        ]

    def condition(self, depth: int, bound: Sequence[str] = ()) -> tree.Condition:
        """A condition; `bound` are the lists of which an element is in hand."""
        draw = self.rng.randint(0, 19)
        if depth > 0 and draw >= 13:
            items = [self.condition(depth - 1, bound) for _ in range(self.rng.randint(2, 3))]
            if draw == 13:
                return tree.Not(items[0])
            joined = tree.And if draw % 2 else tree.Or
            return joined(tuple(i for it in items for i in (it.items if isinstance(it, joined) else (it,))))
        if draw == 0 and self.defines:
            return tree.Holds(self.rng.choice(self.defines))
        if draw <= 2 and self.each:
            return self.over_elements(bound)
        forms: list[tuple[tree.Path, tree.TypeExpr | None]] = []
        for path, kind in self.paths(bound):
            weight = 5 if path.group in bound else 1
            weight *= 3 if path.further or isinstance(kind, tree.Reference) else 1
            forms += [(path, kind)] * weight
        return self.about(*self.rng.choice(forms), bound)

    def paths(self, bound: Sequence[str]) -> Iterator[tuple[tree.Path, tree.TypeExpr | None]]:
        """What a condition may ask about: facts, defines, and either of whom a reference names."""
        for fact in self.in_hand(bound):
            yield fact.path, fact.type
        for group in bound:
            yield from ((tree.Path(group, name), None) for name in self.of_each.get(group, ()))
        for fact, kind in self.references(bound):
            if kind.many:
                continue
            of = [f for f in self.facts if f.path.group == kind.group.text and f.path.fact != fact.path.fact]
            for further in of:
                if not isinstance(further.type, tree.SomeOf):
                    yield attrs.evolve(fact.path, further=further.path.fact), further.type
            for name in self.of_each.get(kind.group.text, ()):
                yield attrs.evolve(fact.path, further=name), None

    def about(self, path: tree.Path, kind: tree.TypeExpr | None, bound: Sequence[str]) -> tree.Condition:
        """A condition about one fact, or a define where it is of no type."""
        match kind:
            case None:
                return tree.Not(tree.Holds(path)) if self.chance(0.25) else tree.Holds(path)
            case tree.Reference():
                return self.about_reference(path, kind, bound)
            case tree.OneOf(options, True) if self.chance(0.6):
                op: Literal["<", "<=", ">", ">="] = self.rng.choice(("<", "<=", ">", ">="))
                either = (
                    options[1:] if op in ("<", ">=") else options[:-1]
                )  # so that it may be so, and may not
                return tree.Compare(path, op, self.rng.choice(either).value, in_words=True)
            case tree.SomeOf(options):
                return self.about_several(path, [tree.Word(o.value.text) for o in options])
            case tree.NumberType():
                return self.about_number(path, bound)
            case tree.DateType() if path.further is None and self.chance(0.3):
                years = (
                    tree.YearsBetween(path, tree.Today())
                    if self.chance(0.7)
                    else tree.YearsBetween(tree.Date(date(2020, 2, 29)), path)
                )
                return tree.Compare(
                    years, self.rng.choice(("<", "<=", ">", ">=")), tree.Number(self.rng.randint(0, 6))
                )
            case tree.YesNo() | tree.OneOf() | tree.DateType() | tree.TextType():
                return self.atom(FactMade(path, kind, True))

    def about_several(self, path: tree.Path, words: list[tree.Word]) -> tree.Condition:
        if self.chance(0.2):
            return tree.Is(path, (tree.Word("empty"),), self.chance(0.5))
        some = tuple(words[: self.rng.randint(1, len(words))])
        how: Any = self.rng.choice((None, "any", "all", "none", "exactly"))
        return tree.Includes(path, some[:1] if how is None else some, how)

    def about_number(self, path: tree.Path, bound: Sequence[str]) -> tree.Condition:
        """A number compared, with a sum now and then, or with that of the element in hand."""
        named = self.values.get("number", [])
        others = [f.path for f in self.in_hand(bound, tree.NumberType) if f.path != path]
        right: tree.Term = self.rng.choice(named) if named and self.chance(0.5) else self.number()
        if path.further is not None and others and self.chance(0.5):
            right = self.rng.choice(others)
        elif others and self.chance(0.3):
            right = tree.Sum(
                self.rng.choice(others),
                self.rng.choice(("plus", "minus")),
                tree.Number(self.rng.randint(1, 4)),
            )
        left: tree.Term = path
        if path.further is None and self.chance(0.25):
            left = tree.Sum(path, self.rng.choice(("plus", "minus")), tree.Number(self.rng.randint(1, 4)))
        return tree.Compare(left, self.rng.choice(("<", "<=", ">", ">=")), right, in_words=self.chance(0.3))

    def about_reference(self, path: tree.Path, kind: tree.Reference, bound: Sequence[str]) -> tree.Condition:
        """Whom a reference names: nobody, the element in hand, whom another names."""
        group = kind.group.text
        values: list[tree.Word | tree.Path] = [tree.Word(group)] * (2 * (group in bound))
        values += [f.path for f, k in self.references(bound, group) if not k.many and f.path != path]
        negated = self.chance(0.25)
        if not values or self.chance(0.2):
            empty: tree.Word | tree.NoneOfThem = tree.Word("empty") if kind.many else tree.NoneOfThem()
            return tree.Is(path, (empty,), negated)
        if not kind.many:
            return tree.Is(path, (self.rng.choice(values),), negated)
        how: Any = self.rng.choice((None, None, "any", "all", "none", "exactly"))
        some = list(dict.fromkeys(self.rng.choice(values) for _ in range(1 if how is None else 2)))
        return tree.Includes(path, tuple(some), how)

    def over_elements(self, bound: Sequence[str]) -> tree.Condition:
        """A quantifier or a count, sometimes of those alone whom a reference names."""
        references = self.references(bound)
        within: tree.Path | None = None
        group = self.rng.choice(self.each)
        if references and self.chance(0.6):
            fact, kind = self.rng.choice(references)
            within, group = fact.path, kind.group.text
        inside = (*(g for g in bound if g != group), group)
        about = [(p, k) for p, k in self.paths(inside) if p.group == group]
        said = self.about(*self.rng.choice(about), inside)
        if self.chance(0.25):
            said = tree.And((said, self.condition(0, inside)))
        if self.chance(0.3):
            how: Any = self.rng.choice(("at least", "at most", "exactly"))
            return tree.Counted(
                how, self.rng.randint(0 if how != "at least" else 1, 2), tree.Name(group), said, within
            )
        return tree.Quantified(self.rng.choice(("any", "every", "no")), tree.Name(group), said, within)

    # --- clauses ------------------------------------------------------------------------------

    def scope(
        self, *, sides_only: bool = False, among: Iterable[tuple[str, ...]] | None = None
    ) -> tuple[str, ...]:
        """What something is for each of."""
        items, recipients = "item" in self.each, "recipient" in self.each
        ways: list[tuple[str, ...]] = [()] * 2
        ways += [("recipient",)] * (4 * recipients) + [("item",)] * (3 * items)
        ways += [SIDES] * (2 * (items and recipients))
        ways += [(g,) for g in self.each if g not in SIDES and not sides_only] * 2
        return self.rng.choice([w for w in ways if among is None or w in among])

    def effect(self, scope: tuple[str, ...], but: Outcome | None = None) -> tree.Effect:
        outcome = self.rng.choice([o for o in _OUTCOMES if o is not but])
        must = self.chance(0.2)
        whom = self.whom(scope) if outcome is Outcome.SEEK_CONSENT and self.chance(0.75) else None
        return tree.Effect(outcome, must, not must and self.chance(0.25), whom)

    def whom(self, scope: tuple[str, ...]) -> tree.Whom:
        """Whose consent is to be sought."""
        ways: list[Callable[[], tree.Whom]] = [lambda: tree.Text("the student")]
        ways += [lambda path=f.path: path for f, _ in self.references(scope)] * 2
        other = next((g for g in scope if g not in SIDES), None)
        if other is not None:
            ways += [lambda: tree.Name(other)] * 3
        elif "person" in self.each:
            ways += [lambda: self.each_of(scope)] * 2
        return self.rng.choice(ways)()

    def each_of(self, scope: tuple[str, ...]) -> tree.EachOf:
        within = [f.path for f, _ in self.references(scope, "person")]
        inside = (*scope, "person")
        about = [(p, k) for p, k in self.paths(inside) if p.group == "person"]
        said = self.about(*self.rng.choice(about), inside)
        path = self.rng.choice(within) if within and self.chance(0.5) else None
        return tree.EachOf(tree.Name("person"), said, path)

    def provisions(self, always: float = 0.15, bound: Sequence[str] = ()) -> tree.Provisions:
        made = Maker.provisions(self, always, bound)
        return attrs.evolve(made, start=None, end=None) if self.dated else made

    def remember(self, made: Any, part: str | None = None) -> Any:
        self.made[made.name.text] = made
        if isinstance(made, tree.Clause):
            self.clauses.append(made)
            if part is not None:
                self.parts[part].append(made)
        return made

    def one_clause(
        self, kind: Literal["consent", "rule", "override"], over: Sequence[tree.Target] = (), **how: Any
    ) -> tree.Clause:
        scope = self.scope()
        effect = how.get("effect") or self.effect(scope, how.get("but"))
        name = self.name(kind)
        said = self.provisions(0.12, scope)
        return tree.Clause(kind, name, f"Statement of {name.text}.", effect, tuple(over), said, scope)

    def below(self, part: str | None) -> tuple[tree.Target, ...]:
        """What an override may prevail over."""
        ways: list[tree.Target] = []
        ways += [c.name for c in self.clauses if not c.effect.closing] * 2
        ways += [tree.EveryConsentClause()] * (2 * self.consents())
        ways += [
            tree.EveryClauseOf(tree.Name(p))
            for p, own in self.parts.items()
            if p != part and any(not c.effect.must and not c.effect.closing for c in own)
        ] * 2
        if any(not c.effect.must and not c.effect.closing for c in self.clauses):
            ways += [tree.AllOtherClauses()]
        chosen = list(dict.fromkeys(self.rng.choice(ways) for _ in range(self.rng.randint(1, 2))))
        return tuple(chosen)

    def consents(self) -> bool:
        return any(c.kind == "consent" and not c.effect.must and not c.effect.closing for c in self.clauses)

    def section(self, part: str | None, large: bool) -> Iterator[tree.Declaration]:
        """The clauses of a part, and all that is about them."""
        for _ in range(self.rng.randint(1, 5 if large else 3)):
            yield self.remember(self.one_clause("consent" if self.chance(0.6) else "rule"), part)
        for _ in range(self.rng.randint(0, 2)):
            yield self.remember(self.one_clause("override", self.below(part)), part)
        if self.chance(0.2) and not any(c.effect.closing for c in self.clauses):
            effect = attrs.evolve(self.effect(()), whom=None, closing=True)
            yield self.remember(self.one_clause("rule", effect=effect), part)
        for _ in range(self.rng.randint(0, 2)):
            yield self.remember(self.duty())
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            yield self.remember(self.safeguard())
        for _ in range(self.rng.randint(0, 3)):
            if (made := self.one_exception()) is not None:
                yield self.remember(made)

    def duty(self) -> tree.Duty:
        name, scope = self.name("duty"), self.scope()
        acts = dict.fromkeys(self.rng.choice(_ACTS) for _ in range(self.rng.randint(1, 2)))
        after = (Act.DECIDING, Act.HOLDING_BACK)
        timings = tuple(tree.Timing("after" if a in after or self.chance(0.5) else "before", a) for a in acts)
        deadline = None
        if self.chance(0.3):
            days = [f.path for f in self.in_hand(scope, tree.DateType)]
            unit: Any = self.rng.choice(("hours", "days", "working days", "weeks", "months"))
            of = self.rng.choice(days) if days and self.chance(0.6) else None
            deadline = tree.Deadline(self.rng.randint(2, 6), unit, of)
        return tree.Duty(name, f"Do {name.text}.", timings, self.provisions(0.5, scope), scope, deadline)

    def safeguard(self) -> tree.Safeguard:
        name, scope = self.name("safeguard"), self.scope(sides_only=True)
        require = self.top(scope)
        otherwise = f"Leave it out ({name.text})."
        said = self.provisions(0.6, scope)
        return tree.Safeguard(name, f"Statement of {name.text}.", scope, require, otherwise, said)

    def advice(self) -> tree.Advice:
        name, scope = self.name("advice"), self.scope()
        return tree.Advice(name, f"the lead of {name.text}", self.provisions(0.5, scope), scope)

    def one_exception(self) -> tree.Exception_ | None:
        """To something that has been said, for what it may be for each of; None where nothing is there to name."""
        if self.chance(0.25):
            strong = [c for c in self.clauses if c.effect.must or c.effect.should]
            return self.exception_to([self.rng.choice(strong)], relaxes=True) if strong else None
        named = [a for a in self.made.values() if not isinstance(a, tree.Exception_) or not a.relaxes]
        several = [self.rng.choice(named) for _ in range(self.rng.choice((1, 1, 1, 2)))]
        if self.chance(0.3) and (lifting := [a for a in named if isinstance(a, tree.Exception_)]):
            several = [self.rng.choice(lifting)]
        return self.exception_to(list({a.name.text: a for a in several}.values()))

    def exception_to(self, over: Sequence[Acting], *, relaxes: bool = False) -> tree.Exception_:
        scopes: set[tuple[str, ...]] = {(), *[(g,) for g in self.each], SIDES}
        for target in over:
            scopes &= set(self.may_be_for(target, relaxes=relaxes))
        scope = self.scope(among=scopes)
        name = self.name("exception")
        said = self.provisions(0.15, scope)
        targets = tuple(a.name for a in over)
        return tree.Exception_(name, f"Statement of {name.text}.", targets, said, relaxes, scope)

    def may_be_for(self, target: Acting, *, relaxes: bool) -> Iterator[tuple[str, ...]]:
        """What an exception to this may be for each of."""
        yield ()
        whole = isinstance(target, tree.Duty | tree.Advice | tree.Exception_)
        for scope in ((), ("item",), ("recipient",), SIDES):
            if not whole or set(scope) <= set(target.scope):
                yield scope
        if target.scope and target.scope[0] not in SIDES and not relaxes:
            yield target.scope

    def declarations(self, large: bool) -> list[tree.Declaration]:
        """One file's: what parts head stands after all else."""
        out = self.vocabulary(large)
        body = list(self.section(None, large))
        body += [self.remember(self.advice()) for _ in range(self.rng.choice((0, 0, 1)))]
        if self.chance(0.5):
            body = [*out, *body]
            self.rng.shuffle(body)
            out = []
        for _ in range(self.rng.choice((0, 0, 0, 1, 2))):
            name = self.name("part")
            self.parts[name.text] = []
            said = tree.Provisions(
                when=self.condition(0) if self.chance(0.5) else None,
                start=tree.Date(date(2026, 7, 1)) if self.chance(0.1) else None,
                cites=(tree.Cite(tree.Name("paper")),) if self.chance(0.5) else (),
            )
            self.dated = said.start is not None
            body.append(tree.Part(name, f"Title of {name.text}", said))
            body += self.section(name.text, large)
        return [*out, *body]


def random_row_policy(rng: Random, *, large: bool = False) -> Files:
    """A random policy with rows and people: one file."""
    make = RowMaker(rng, pairs=False)
    title = tree.PolicyDecl(tree.Name("random"), "A random policy", "1", start=tree.Date(EARLY))
    source = tree.SourceDecl(tree.Name("paper"), "The paper that is cited")
    return (tree.File(1, (title, source, *make.declarations(large))),)


def _knowing(files: Files, rng: Random) -> RowMaker:
    """A maker that may speak of everything that a policy declares outside its parts, or in them."""
    make = RowMaker(rng, pairs=False, count=1000)
    for decl in (d for file in files for d in file.declarations):
        match decl:
            case tree.FactsDecl(group, _, facts, each):
                own = [f for f in facts if isinstance(f, tree.FactDecl)]
                make.facts += [FactMade(tree.Path(group.text, f.name.text), f.type, each) for f in own]
                make.each += [group.text] if each else []
            case tree.DefineDecl(name, _, _, None):
                make.defines.append(name)
            case tree.DefineDecl(name, _, _, tree.Name(group)):
                make.of_each.setdefault(group, []).append(name.text)
            case tree.Clause() | tree.Duty() | tree.Safeguard() | tree.Advice() | tree.Exception_():
                make.remember(decl)
            case _:
                pass
    return make


def random_row_exception(rng: Random, files: Files) -> tree.Exception_:
    """An exception to one clause, duty, safeguard, advice or exception of this policy."""
    make = _knowing(files, rng)
    named = [a for a in make.made.values() if not isinstance(a, tree.Exception_) or not a.relaxes]
    return make.exception_to([rng.choice(named)])


def random_row_safeguard(rng: Random, files: Files) -> tree.Safeguard:
    """A safeguard that this policy could have."""
    return _knowing(files, rng).safeguard()


def random_row_condition(rng: Random, files: Files) -> tree.Condition:
    """A condition that something for no list could have."""
    return _knowing(files, rng).condition(1)


@st.composite
def row_policies(draw: st.DrawFn, *, large: bool = False) -> Files:
    """Random policies with rows and people."""
    return random_row_policy(draw(randoms()), large=large)

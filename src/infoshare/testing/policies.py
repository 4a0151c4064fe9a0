"""Whole random policies, as trees: for laws, oracles and soak tests.

One generator with two doors: a seeded `random.Random` for speed, and Hypothesis strategies, which hand the
same generator a `Random` whose every draw they can shrink. Policies are small, load without an error, and
lean towards what is hard: overrides of overrides, exceptions to exceptions, clauses that clash, lists, and
dates on which the law changes.

Invariant: no two facts of a policy are compared with one another unless that is asked for; so, for cases
that give the lists that conditions speak of, every decision is exact.
Deliberately not here: random cases (`infoshare.testing.tree_cases`), strategies for single nodes
(`infoshare.testing.trees`), and what anything means.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from random import Random
from typing import Literal, TypeAlias

import attrs
from hypothesis import strategies as st

from infoshare.outcome import Act, Outcome
from infoshare.syntax import tree

Files: TypeAlias = tuple[tree.File, ...]  # used files first, the one that is loaded last

MAIN, USED = "p.policy", "national.policy"
DAYS = (
    date(2026, 3, 15),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 12, 31),
    date(2026, 2, 28),
    date(2028, 2, 29),
)
EARLY = date(2000, 1, 1)
HIGH = 20  # numbers go from 0 to this
_GROUPS = ("child", "family", "request", "court")
_FACTS = (
    "agreed",
    "safe",
    "urgent",
    "harmed",
    "serious",
    "known",
    "level",
    "stage",
    "signs",
    "age",
    "seen",
    "wrote",
)
_OPTIONS = ("low", "middle", "high", "other")

_OUTCOMES = (*[Outcome.SHARE] * 4, *[Outcome.WITHHOLD] * 2, Outcome.SEEK_CONSENT, Outcome.SEEK_ADVICE)
_ACTS = (Act.DECIDING, Act.SHARING, Act.SHARING, Act.SEEKING_CONSENT, Act.WITHHOLDING, Act.SEEKING_ADVICE)


@attrs.frozen
class FactMade:
    """A fact that has been declared, of which conditions may speak."""

    path: tree.Path
    type: tree.TypeExpr
    each: bool


@attrs.define
class Maker:
    """What has been declared so far, of which the next declaration may speak."""

    rng: Random
    pairs: bool
    facts: list[FactMade] = attrs.field(factory=list)
    each: list[str] = attrs.field(factory=list)
    defines: list[tree.Name] = attrs.field(factory=list)
    values: dict[str, list[tree.Name]] = attrs.field(factory=dict)
    clauses: list[tree.Clause] = attrs.field(factory=list)
    exceptions: list[tree.Exception_] = attrs.field(factory=list)
    others: list[tree.Name] = attrs.field(factory=list)
    count: int = 0

    def chance(self, probability: float) -> bool:
        return self.rng.random() >= 1 - probability  # low draws, to which shrinking goes, say no

    def name(self, stem: str) -> tree.Name:
        self.count += 1
        return tree.Name(f"{stem}_{self.count}")

    # --- vocabulary ---------------------------------------------------------------------------

    def fact_type(self) -> tree.TypeExpr:
        draw = self.rng.randint(0, 27 if self.pairs else 19)
        options = tuple(tree.Option(tree.Name(o)) for o in _OPTIONS[: self.rng.randint(2, 3)])
        if draw < 11:
            return tree.YesNo()
        if draw < 15:
            return tree.OneOf(options)
        if draw == 15:
            return tree.SomeOf(options)
        if draw == 16 or draw >= 24:
            return tree.NumberType("years" if self.chance(0.3) and not self.pairs else None, 0, HIGH)
        return tree.TextType() if draw == 19 else tree.DateType()

    def assumed(self, kind: tree.TypeExpr) -> tuple[tree.Value, ...] | None:
        if not self.chance(0.2):
            return None
        match kind:
            case tree.YesNo():
                return (tree.Word(self.rng.choice(("no", "yes"))),)
            case tree.OneOf():
                return (tree.Word(self.rng.choice(kind.options).value.text),)
            case tree.SomeOf():
                return tuple(tree.Word(o.value.text) for o in kind.options[: self.rng.randint(1, 2)])
            case tree.NumberType():
                return (self.number(),)
            case tree.DateType():
                return (self.day(),)
            case tree.TextType():
                return (tree.Text("plain words"),)
            case tree.Reference():
                return (tree.Word("none"),)

    def facts_about(self, group: str, names: Sequence[str], *, each: bool) -> tree.FactsDecl:
        decls = []
        for name in names:
            kind = tree.YesNo() if each and self.chance(0.7) else self.fact_type()
            ask = f"What of {name} of the {group}?" if self.chance(0.7) else None
            decls.append(tree.FactDecl(tree.Name(name), f"{group} {name}", kind, self.assumed(kind), ask))
            self.facts.append(FactMade(tree.Path(group, name), kind, each))
        if each:
            self.each.append(group)
        return tree.FactsDecl(tree.Name(group), f"the {group}", tuple(decls), each)

    def vocabulary(self, large: bool) -> list[tree.Declaration]:
        out: list[tree.Declaration] = []
        groups = [g for g in _GROUPS if g not in {f.path.group for f in self.facts}][:2]
        for group in groups[: self.rng.randint(1, 2)]:
            names = list(_FACTS)
            self.rng.shuffle(names)
            out.append(self.facts_about(group, names[: self.rng.randint(2, 7 if large else 4)], each=False))
        for group in ("item", "recipient", "sibling"):
            if group not in self.each and self.chance({"item": 0.55, "recipient": 0.3}.get(group, 0.2)):
                out.append(
                    self.facts_about(group, ("needed", "recorded")[: self.rng.randint(1, 2)], each=True)
                )
        for kind in ("number", "date", "duration"):
            if self.chance(0.3):
                out.append(self.value(kind))
        for _ in range(self.rng.randint(0, 2)):
            name = self.name("idea")
            out.append(tree.DefineDecl(name, f"the {name.text.replace('_', ' ')}", self.condition(1)))
            self.defines.append(name)
        for _ in range(self.rng.choice((0, 0, 0, 1, 2))):
            out.append(self.impossible())
        return out

    def value(self, kind: str) -> tree.ValueDecl:
        name = self.name("figure")
        self.values.setdefault(kind, []).append(name)
        steps = [EARLY, date(2026, 7, 1)][: self.rng.randint(1, 2)]
        literal: Callable[[], tree.Number | tree.Date | tree.Duration] = self.duration
        if kind != "duration":
            literal = self.number if kind == "number" else self.day
        return tree.ValueDecl(name, tuple(tree.ValueStep(literal(), tree.Date(s)) for s in steps))

    def impossible(self) -> tree.ImpossibleDecl:
        plain = [f for f in self.facts if not f.each and isinstance(f.type, tree.YesNo | tree.OneOf)]
        chosen = [self.rng.choice(plain or self.scalars()) for _ in range(2)]
        condition = tree.And(tuple(self.atom(f) for f in chosen))
        return tree.ImpossibleDecl(self.name("cannot"), "Both cannot be.", condition)

    # --- conditions ---------------------------------------------------------------------------

    def scalars(self) -> list[FactMade]:
        return [f for f in self.facts if not f.each]

    def number(self) -> tree.Number:
        return tree.Number(self.rng.randint(2, HIGH - 2))

    def day(self) -> tree.Date:
        return tree.Date(self.rng.choice((*DAYS, date(2025, 8, 31), date(2024, 2, 29))))

    def duration(self) -> tree.Duration:
        unit: tree.Unit = self.rng.choice(("months", "years", "weeks", "days"))
        return tree.Duration(self.rng.randint(1, 3) * (1 if unit == "years" else 5), unit)

    def date_term(self) -> tree.Term:
        draw = self.rng.randint(0, 9)
        if draw < 3:
            return self.day()
        if draw < 5:
            return tree.Today()
        if draw < 6 and "date" in self.values:
            return self.rng.choice(self.values["date"])
        durations = self.values.get("duration", [])
        amount = self.rng.choice(durations) if durations and self.chance(0.5) else self.duration()
        base: tree.Term = tree.Today() if self.chance(0.6) else self.day()
        return tree.Offset(amount, self.rng.choice(("before", "after")), base)

    def comparison(self, fact: FactMade) -> tree.Condition:
        left: tree.Term = fact.path
        right: tree.Term
        alike = [
            f
            for f in self.facts
            if f.type == fact.type and f != fact and (not f.each or f.path.group == fact.path.group)
        ]
        if self.pairs and alike and self.chance(0.8):
            right = self.rng.choice(alike).path
        elif isinstance(fact.type, tree.NumberType):
            named = self.values.get("number", [])
            right = self.rng.choice(named) if named and self.chance(0.5) else self.number()
        else:
            right = self.date_term()
            if self.chance(0.2):
                left = tree.Offset(self.duration(), self.rng.choice(("before", "after")), left)
        op: Literal["<", "<=", ">", ">="] = self.rng.choice(("<", "<=", ">", ">="))
        return tree.Compare(right, op, left) if self.chance(0.15) else tree.Compare(left, op, right)

    def atom(self, fact: FactMade) -> tree.Condition:
        path, negated = fact.path, self.chance(0.25)
        match fact.type:
            case tree.YesNo():
                if self.chance(0.1):
                    return tree.Is(path, (tree.Word("no" if negated else "yes"),))
                return tree.Not(tree.Holds(path)) if negated else tree.Holds(path)
            case tree.OneOf():
                words = [tree.Word(o.value.text) for o in fact.type.options]
                self.rng.shuffle(words)
                if len(words) > 2 and self.chance(0.4):
                    return tree.Is(path, tuple(words[:2]), negated, listed=True)
                return tree.Is(path, tuple(words[:1]), negated)
            case tree.SomeOf():
                return tree.Includes(path, (tree.Word(self.rng.choice(fact.type.options).value.text),))
            case tree.TextType():
                return tree.Is(path, (tree.Text(self.rng.choice(("plain words", "other words"))),), negated)
            case tree.NumberType():
                return tree.Is(path, (self.number(),), negated) if self.chance(0.2) else self.comparison(fact)
            case tree.DateType():
                return self.comparison(fact)
            case tree.Reference(_, many):
                return tree.Is(path, (tree.Word("empty") if many else tree.NoneOfThem(),), negated)

    def condition(self, depth: int, bound: Sequence[str] = ()) -> tree.Condition:
        """A condition; `bound` are the groups of `each` whose facts may stand by themselves here."""
        draw = self.rng.randint(0, 11)
        if depth > 0 and draw >= 8:
            items = tuple(self.condition(depth - 1, bound) for _ in range(self.rng.randint(2, 3)))
            if draw == 8:
                return tree.Not(items[0])
            joined = tree.And if draw % 2 else tree.Or
            flat = tuple(i for item in items for i in (item.items if isinstance(item, joined) else (item,)))
            return joined(flat)
        if draw == 7 and self.defines:
            return tree.Holds(self.rng.choice(self.defines))
        groups = [g for g in self.each if g not in bound]
        if draw == 6 and groups and not bound:
            group = self.rng.choice(groups)
            kind: Literal["any", "every", "no"] = self.rng.choice(("any", "every", "no"))
            return tree.Quantified(kind, tree.Name(group), self.condition(depth - 1, (group,)))
        inside = [f for f in self.facts if f.path.group in bound]
        return self.atom(self.rng.choice(inside if inside and self.chance(0.75) else self.scalars()))

    def top(self, bound: Sequence[str] = ()) -> tree.Condition:
        """A whole condition, where a list of `-` items may stand."""
        if self.chance(0.12):
            kind: Literal["any", "all", "none"] = self.rng.choice(("any", "all", "none"))
            return tree.These(kind, tuple(self.condition(1, bound) for _ in range(self.rng.randint(1, 3))))
        return self.condition(self.rng.choice((0, 0, 1, 2)), bound)

    # --- clauses ------------------------------------------------------------------------------

    def provisions(self, always: float = 0.15, bound: Sequence[str] = ()) -> tree.Provisions:
        dates = self.rng.randint(0, 15)
        return tree.Provisions(
            when=None if self.chance(always) else self.top(bound),
            unless=self.top(bound) if self.chance(0.12) else None,
            start=tree.Date(date(2026, 7, 1)) if dates == 15 else None,
            end=tree.Date(date(2026, 6, 30)) if dates == 14 else None,
            cites=(tree.Cite(tree.Name("paper"), (str(self.count),)),) if self.chance(0.3) else (),
        )

    def clause(
        self,
        kind: Literal["consent", "rule", "override"],
        over: Sequence[tree.Target] = (),
        *,
        against: tree.Clause | None = None,
        always: float = 0.15,
    ) -> tree.Clause:
        outcomes = [o for o in _OUTCOMES if against is None or o is not against.effect.outcome]
        outcome = self.rng.choice(outcomes)
        effect = tree.Effect(outcome, must=self.chance(0.2))
        name = self.name(kind)
        made = tree.Clause(
            kind, name, f"Statement of {name.text}.", effect, tuple(over), self.provisions(always)
        )
        self.clauses.append(made)
        return made

    def exception(self, over: Sequence[tree.Target], always: float = 0.15) -> tree.Exception_:
        name = self.name("exception")
        made = tree.Exception_(name, f"Statement of {name.text}.", tuple(over), self.provisions(always))
        self.exceptions.append(made)
        return made

    def some_targets(self, names: Sequence[tree.Name]) -> tuple[tree.Target, ...]:
        chosen = list(names)
        self.rng.shuffle(chosen)
        targets: list[tree.Target] = list(chosen[: self.rng.randint(1, 2)])
        return (
            (tree.EveryConsentClause(), *targets[1:])
            if self.chance(0.25) and self.consents()
            else tuple(targets)
        )

    def consents(self) -> bool:
        return any(c.kind == "consent" and not c.effect.must for c in self.clauses)

    def deciding(self, large: bool) -> Iterator[tree.Declaration]:
        """Consent clauses, rules and overrides; each override prevails over earlier ones."""
        for _ in range(self.rng.randint(1, 6 if large else 2)):
            yield self.clause("consent" if self.chance(0.6) else "rule")
        for _ in range(self.rng.randint(0, 3 if large else 1)):
            yield self.clause("override", self.some_targets([c.name for c in self.clauses]))
        if self.chance(0.5):
            below = self.rng.choice(self.clauses)
            first = self.clause("override", (below.name,), against=below, always=0.4)
            yield first
            yield self.clause("override", (first.name,), against=first, always=0.4)

    def around(self, large: bool) -> Iterator[tree.Declaration]:
        """Duties, safeguards, advice, and the exceptions to everything."""
        for _ in range(self.rng.randint(0, 3 if large else 2)):
            acts = list(dict.fromkeys(self.rng.choice(_ACTS) for _ in range(self.rng.randint(1, 2))))
            timings = tuple(
                tree.Timing("after" if a is Act.DECIDING or self.chance(0.5) else "before", a) for a in acts
            )
            name = self.name("duty")
            self.others.append(name)
            yield tree.Duty(name, f"Do {name.text}.", timings, self.provisions(0.5))
        for _ in range(self.rng.choice((0, 1, 1, 2, 3))):
            yield self.safeguard()
        if self.chance(0.3):
            name = self.name("advice")
            self.others.append(name)
            yield tree.Advice(name, f"the lead of {name.text}", self.provisions(0.5))
        for _ in range(self.rng.randint(0, 2 if large else 1)):
            names = [c.name for c in self.clauses] + self.others + [e.name for e in self.exceptions]
            yield self.exception(self.some_targets(names))
        if self.chance(0.5):
            names = [c.name for c in self.clauses] + self.others
            first = self.exception(self.some_targets(names), always=0.4)
            yield first
            yield self.exception((first.name,), always=0.4)

    def safeguard(self) -> tree.Safeguard:
        scopes: list[tuple[Literal["item", "recipient"], ...]] = [()]
        scopes += [("item",)] * 2 if "item" in self.each else []
        scopes += [("recipient",)] if "recipient" in self.each else []
        scopes += [("item", "recipient")] if {"item", "recipient"} <= set(self.each) else []
        scope = self.rng.choice(scopes)
        name = self.name("safeguard")
        self.others.append(name)
        require = self.top(scope)
        return tree.Safeguard(
            name,
            f"Statement of {name.text}.",
            scope,
            require,
            f"Leave it out ({name.text}).",
            self.provisions(0.6),
        )

    def declarations(self, large: bool) -> list[tree.Declaration]:
        """One file's, in an order of its own: nothing hangs on it."""
        out = [*self.vocabulary(large), *self.deciding(large), *self.around(large)]
        if self.chance(0.5):
            self.rng.shuffle(out)
        return out


def random_policy(rng: Random, *, large: bool = False, pairs: bool = False) -> Files:
    """A random policy.

    Args:
        rng: where every choice comes from.
        large: twice the clauses and facts.
        pairs: whether facts may be compared with one another, so that a decision may be inexact.

    Returns:
        One file, or a national one that the second uses.
    """
    make = Maker(rng, pairs)
    source = tree.SourceDecl(tree.Name("paper"), "The paper that is cited")
    used: list[tree.File] = []
    head: list[tree.Declaration] = [source]
    if make.chance(0.15):
        start = tree.Date(rng.choice((date(2025, 1, 1), date(2026, 7, 1))))
        policy = tree.PolicyDecl(tree.Name("national"), "The national one", "1", start=start)
        used = [tree.File(1, (policy, source, *make.declarations(large=False)))]
        head = [tree.Use(USED)]
    title = tree.PolicyDecl(
        tree.Name("random"),
        "A random policy",
        "1",
        start=tree.Date(date(2026, 1, 1) if make.chance(0.5) else EARLY),
        end=tree.Date(date(2027, 12, 31)) if make.chance(0.3) else None,
    )
    return (*used, tree.File(1, (title, *head, *make.declarations(large))))


def random_day(rng: Random) -> date:
    """A day to decide for: mostly one on which policies are in force, often one where something changes."""
    return date(2025, 12, 31) if rng.randint(0, 39) == 39 else rng.choice(DAYS)


def sources(files: Files) -> dict[str, bytes]:
    """The texts of a policy, as `infoshare.load_sources` takes them; the main one is `MAIN`."""
    from infoshare.syntax.printer import print_file

    paths = (MAIN,) if len(files) == 1 else (USED, MAIN)
    return {path: print_file(file).encode() for path, file in zip(paths, files, strict=True)}


# --- one thing more ---------------------------------------------------------------------------


def _knowing(rng: Random, files: Files) -> Maker:
    """A maker that may speak of everything that a policy declares."""
    make = Maker(rng, pairs=False, count=1000)
    for decl in (d for file in files for d in file.declarations):
        match decl:
            case tree.FactsDecl():
                make.facts += [
                    FactMade(tree.Path(decl.group.text, f.name.text), f.type, decl.each) for f in decl.facts
                ]
                make.each += [decl.group.text] if decl.each else []
            case tree.DefineDecl(for_each=None):
                make.defines.append(decl.name)
            case tree.Clause():
                make.clauses.append(decl)
            case tree.Duty() | tree.Safeguard() | tree.Advice() | tree.Exception_():
                make.others.append(decl.name)
            case _:
                pass
    return make


def random_condition(rng: Random, files: Files) -> tree.Condition:
    """A condition that a clause of this policy could have."""
    return _knowing(rng, files).top()


def random_exception(rng: Random, files: Files) -> tree.Exception_:
    """An exception to one clause, duty, safeguard, advice or exception of this policy."""
    make = _knowing(rng, files)
    return make.exception((rng.choice([*[c.name for c in make.clauses], *make.others]),))


def random_safeguard(rng: Random, files: Files) -> tree.Safeguard:
    """A safeguard that this policy could have."""
    return _knowing(rng, files).safeguard()


def adding(files: Files, *declarations: tree.Declaration) -> Files:
    """The policy with declarations added to the file that is loaded, in none of its parts."""
    main = files[-1]
    first = (n for n, d in enumerate(main.declarations) if isinstance(d, tree.Part))
    where = next(first, len(main.declarations))
    added = (*main.declarations[:where], *declarations, *main.declarations[where:])
    return (*files[:-1], attrs.evolve(main, declarations=added))


def with_doubt(rng: Random, files: Files) -> Files:
    """The policy with facts of which something is assumed, and with combinations of these and others that cannot be.

    Each such assumption is in one combination alone, and none has to do with a list that is taken to be empty.
    """
    make = _knowing(rng, files)
    groups = [d for file in files for d in file.declarations if isinstance(d, tree.FactsDecl)]
    empty = {g.group.text for g in groups if g.none_listed}
    others = [f for f in make.facts if f.path.group not in empty and not _names_any_of(f.type, empty)]
    values = tuple(tree.Option(tree.Name(o)) for o in _OPTIONS[:3])
    assumed: dict[str, tuple[tree.TypeExpr, str]] = {
        "rare": (tree.YesNo(), "no"),
        "rarer": (tree.YesNo(), rng.choice(("no", "yes"))),
        "kind": (tree.OneOf(values), "low"),
    }
    own = [
        tree.FactDecl(tree.Name(name), f"odd {name}", type_, (tree.Word(said),), None)
        for name, (type_, said) in assumed.items()
    ]
    own.append(tree.FactDecl(tree.Name("sort"), "odd sort", tree.OneOf(values), None, None))
    odd = [FactMade(tree.Path("odd", fact.name.text), fact.type, each=False) for fact in own]
    free, cannot = rng.sample(odd[:3], 3), list[tree.Declaration]()
    for number in rng.choice(((1,), (2,), (1, 1), (1, 2), (1, 1, 1))):
        chosen = [free.pop() for _ in range(number)]
        chosen += [rng.choice((*others, odd[3])) for _ in range(rng.choice((1, 1, 2)))]
        said = tree.And(tuple(_of_anybody(rng, make, fact) for fact in chosen))
        cannot.append(tree.ImpossibleDecl(make.name("cannot"), "They cannot be together.", said))
    rules = [make.clause("rule") for _ in range(2)]
    told = [
        attrs.evolve(rule, provisions=tree.Provisions(when=make.atom(rng.choice(odd)), unless=None))
        for rule in rules
    ]
    return adding(
        files, tree.FactsDecl(tree.Name("odd"), "what is odd", tuple(own), each=False), *cannot, *told
    )


def _names_any_of(kind: tree.TypeExpr, groups: Collection[str]) -> bool:
    return isinstance(kind, tree.Reference) and kind.group.text in groups


def _of_anybody(rng: Random, make: Maker, fact: FactMade) -> tree.Condition:
    """A condition of a fact; in a list, of any or every element."""
    said = make.atom(fact)
    if not fact.each:
        return said
    kind: Literal["any", "every"] = "any" if rng.random() < 0.8 else "every"
    return tree.Quantified(kind, tree.Name(fact.path.group), said)


def shuffled(rng: Random, files: Files) -> Files:
    """The policy with its declarations, and the facts of its groups, in another order.

    The policy line stays, and so does a part with what it heads.
    """

    def shuffle(file: tree.File) -> tree.File:
        sections: list[list[tree.Declaration]] = [[]]
        for declaration in file.declarations[1:]:
            if isinstance(declaration, tree.Part):
                sections.append([])
            sections[-1].append(declaration)
        shuffled = [file.declarations[0]]
        for number, section in enumerate(sections):
            head, rest = (section[:1], section[1:]) if number else ([], section)
            rng.shuffle(rest)
            shuffled += [*head, *(_shuffled_facts(rng, d) for d in rest)]
        return attrs.evolve(file, declarations=tuple(shuffled))

    return tuple(shuffle(file) for file in files)


def _shuffled_facts(rng: Random, decl: tree.Declaration) -> tree.Declaration:
    if not isinstance(decl, tree.FactsDecl):
        return decl
    facts = list(decl.facts)
    rng.shuffle(facts)
    return attrs.evolve(decl, facts=tuple(facts))


# --- Hypothesis -----------------------------------------------------------------------------------


def randoms() -> st.SearchStrategy[Random]:
    """Sources of choices: half that Hypothesis can shrink, half seeded, which wander further."""
    return st.one_of(st.randoms(use_true_random=False), st.integers(0, 2**32 - 1).map(Random))


@st.composite
def policies(draw: st.DrawFn, *, large: bool = False, pairs: bool = False) -> Files:
    """Random policies: used files first, the main one last."""
    return random_policy(draw(randoms()), large=large, pairs=pairs)


def days() -> st.SearchStrategy[date]:
    """Days to decide for."""
    return st.sampled_from((*DAYS, date(2025, 12, 31)))

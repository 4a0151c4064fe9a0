"""Turns what Lark recognises into the tree: one callback per rule of `grammar.lark`, called bottom-up.

Invariant: a callback never raises for an author's mistake; it notes a fault and returns a node all the same,
and a declaration whose node cannot be trusted (a date that is none) is left out and named in `broken`.
Deliberately not here: recovering after a syntax error (`infoshare.syntax.parser`).
"""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, cast

import attrs
from lark import Token

from infoshare.diagnostic import Diagnostic, Label
from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import faults, tree
from infoshare.syntax.words import KEYWORDS, RESERVED_GROUP, RESERVED_VALUE
from infoshare.text import Source, Span

LARGEST_NUMBER = 2**53 - 1  # what every reader of JSON keeps exactly

_BLANKS = re.compile(r"[ \t\r\n]+")
_PLURALS: tuple[tree.Unit, ...] = ("days", "weeks", "months", "years")
_UNITS: dict[str, tree.Unit] = {word: plural for plural in _PLURALS for word in (plural, plural[:-1])}

# A part of a declaration: its key, the word it begins with, what it says, where it ends.
Part = tuple[str, Token, Any, int]
Children = list[Any]


def folded(literal: str) -> str:
    """What a string literal says: white space folded to single spaces, composed characters (NFC)."""
    text = literal[1:-1]
    if "\n" in text or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = _BLANKS.sub(" ", text).strip(" ")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _end(children: Sequence[Any]) -> int:
    """Where the last child that takes up room ends."""
    for child in reversed(children):
        if isinstance(child, Token):
            return cast(int, child.end_pos)
        if isinstance(child, tree.Node):
            return child.span.end
        if isinstance(child, tuple):
            return cast(int, child[-1])
        if child:
            return _end(child)
    return 0


class Builder:
    """The callbacks. One parse at a time: `begin` it, parse, then read `declarations` and `faults`.

    Attributes:
        declarations: those recognised so far, in order.
        faults: what is wrong although the grammar has room for it, by code and place.
        broken: names whose declarations were left out.
        doubtful: `FACT is VALUE` followed by `or NAME`, where the name may have been meant as a value.
    """

    def begin(self, source: Source) -> None:
        """Forget the previous parse."""
        self.source = source
        self.version: int | None = None
        self.version_token: Token | None = None
        self.declarations: list[tree.Declaration] = []
        self.faults: dict[tuple[str, int], Diagnostic] = {}
        self.broken: set[str] = set()
        self.doubtful: list[tuple[tree.Is, tree.Name]] = []
        self.resume()

    def resume(self) -> None:
        """Forget the declaration that a syntax error cut short."""
        self._distrusted = False
        self._last_list = self._last_list_end = -1

    # --- helpers ----------------------------------------------------------------------------------

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos, token.end_pos)  # type: ignore[arg-type]

    def _over(self, children: Children) -> Span:
        """From a leading token to the last child."""
        return Span(self.source, children[0].start_pos, _end(children))

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(token.value, span=Span(self.source, token.start_pos, token.end_pos))  # type: ignore[arg-type]

    def add(self, fault: Diagnostic) -> None:
        """Note a mistake, once for each place."""
        self.faults.setdefault((fault.code, fault.labels[0].span.start), fault)

    def fault(self, code: str, message: str, *labels: Label, help: Sequence[str] = ()) -> None:
        """Note a mistake, once for each place."""
        self.add(Diagnostic(code, message, labels, tuple(help)))

    def _declared(self, keyword: Token, token: Token) -> tree.Name:
        """The name that a declaration gives, which may not be a keyword."""
        name = self._name(token)
        if name.text in KEYWORDS:
            self.add(faults.reserved_word(keyword.value, name.text, name.span))
        return name

    def _once(self, parts: list[Part]) -> dict[str, Any]:
        """The parts by key; a part said twice is a fault, but `cites`, which are gathered."""
        found: dict[str, Any] = {}
        first: dict[str, Token] = {}
        for key, word, value, _ in parts:
            if key == "cites":
                found.setdefault(key, []).append(value)
            elif key in found:
                self.fault(
                    "IS116",
                    f"`{word.value}` is said twice in one declaration",
                    Label(self._span(word), "said again here"),
                    Label(self._span(first[key]), "first said here"),
                    help=(_TOGETHER.get(key, "keep the one that is meant, and delete the other"),),
                )
            else:
                found[key], first[key] = value, word
        return found

    def _provisions(self, parts: list[Part]) -> tree.Provisions:
        if not parts:
            return tree.Provisions()
        found = self._once(parts)
        return tree.Provisions(
            when=found.get("when"),
            unless=found.get("unless"),
            start=found.get("from"),
            end=found.get("until"),
            because=found.get("because"),
            cites=tuple(found.get("cites", ())),
        )

    # --- lists and parts, shared by many rules ----------------------------------------------------

    def none(self, _: Children) -> list[Any]:
        return []

    def nothing(self, _: Children) -> None:
        return None

    def one(self, c: Children) -> list[Any]:
        return c

    def one_more(self, c: Children) -> list[Any]:
        c[0].append(c[2])
        return cast(list[Any], c[0])

    def more(self, c: Children) -> list[Any]:
        c[0].append(c[1])
        return cast(list[Any], c[0])

    def second(self, c: Children) -> Token:
        return cast(Token, c[1])

    def part(self, c: Children) -> list[Part]:
        parts, word, value = c
        said = folded(value.value) if isinstance(value, Token) else value
        parts.append((word.value, word, said, _end(c)))
        return cast(list[Part], parts)

    def part_of_two_words(self, c: Children) -> list[Part]:
        parts, word, _, value = c
        parts.append((word.value, word, value, _end(c)))
        return cast(list[Part], parts)

    def part_basis(self, c: Children) -> list[Part]:
        parts, word, _, (basis, end) = c
        parts.append(("basis", word, basis, end))
        return cast(list[Part], parts)

    def part_cite(self, c: Children) -> list[Part]:
        parts, (word, cite) = c
        parts.append(("cites", word, cite, cite.span.end))
        return cast(list[Part], parts)

    # --- the file -----------------------------------------------------------------------------------

    def file(self, c: Children) -> None:
        return self.empty_file(c)

    def empty_file(self, c: Children) -> None:
        self.version_token = c[1]

    def first(self, c: Children) -> None:
        self._finish(c[0])

    def next_one(self, c: Children) -> None:
        self._finish(c[1])

    def _finish(self, declaration: tree.Declaration) -> None:
        if self._distrusted:
            self.broken |= names_of(declaration)
            self._distrusted = False
        else:
            self.declarations.append(declaration)

    def policy(self, c: Children) -> tree.PolicyDecl:
        parts = self._once(c[3])
        return tree.PolicyDecl(
            self._name(c[1]),
            folded(c[2].value),
            version=parts.get("version"),
            owner=parts.get("owner"),
            start=parts.get("from"),
            end=parts.get("until"),
            review_by=parts.get("review"),
            span=self._over(c),
        )

    def use(self, c: Children) -> tree.Use:
        return tree.Use(folded(c[1].value), span=self._over(c))

    def source_decl(self, c: Children) -> tree.SourceDecl:
        parts = self._once(c[3])
        return tree.SourceDecl(
            self._name(c[1]),
            folded(c[2].value),
            by=parts.get("by"),
            dated=parts.get("dated"),
            at=parts.get("at"),
            span=self._over(c),
        )

    # --- vocabulary -----------------------------------------------------------------------------------

    def facts(self, c: Children) -> tree.FactsDecl:
        return self._facts(c, c[2], c[3], c[4], each=False)

    def facts_about_each(self, c: Children) -> tree.FactsDecl:
        return self._facts(c, c[3], c[4], c[5], each=True)

    def _facts(
        self, c: Children, group: Token, phrase: Token, facts: list[tree.FactDecl], *, each: bool
    ) -> tree.FactsDecl:
        name = self._name(group)
        if name.text == RESERVED_GROUP:
            self.fault(
                "IS212",
                "a group of facts may not be called `case`",
                Label(name.span, "`case` is how a case gives its own name"),
                help=("choose another name for the group",),
            )
        return tree.FactsDecl(name, folded(phrase.value), tuple(facts), each=each, span=self._over(c))

    def fact(self, c: Children) -> tree.FactDecl:
        parts = self._once(c[4])
        assumed = parts.get("unanswered")
        return tree.FactDecl(
            self._name(c[0]),
            folded(c[1].value),
            c[3],
            assumed=None if assumed is None else tuple(assumed),
            ask=parts.get("ask"),
            span=self._over(c),
        )

    def fact_named_like_a_declaration(self, c: Children) -> tree.FactDecl:
        name = self._name(c[0])
        self.fault(
            "IS110",
            f"`{name.text}` begins a declaration, so it may not name a fact",
            Label(name.span, "reserved word"),
            help=(f"choose another name, such as `{name.text}_of_it` or `the_{name.text}`",),
        )
        return self.fact(c)

    def yes_no(self, c: Children) -> tree.YesNo:
        return tree.YesNo(span=self._over(c))

    def one_of(self, c: Children) -> tree.OneOf:
        return tree.OneOf(tuple(c[1]), span=self._over(c))

    def some_of(self, c: Children) -> tree.SomeOf:
        return tree.SomeOf(tuple(c[1]), span=self._over(c))

    def option(self, c: Children) -> tree.Option:
        name = self._name(c[0])
        if name.text == RESERVED_VALUE:
            self.fault(
                "IS212",
                "a value may not be called `unsure`",
                Label(name.span, "every fact can be answered `unsure` already"),
                help=("leave it out: `unsure` is an answer of every fact",),
            )
        return tree.Option(name, folded(c[1].value) if len(c) > 1 else None, span=self._over(c))

    def number_type(self, c: Children) -> tree.NumberType:
        unit, bounds = c[1], c[2]
        low, high = (bounds[0].value, bounds[1].value) if bounds else (None, None)
        return tree.NumberType(unit.value if unit else None, low, high, span=self._over(c))

    def range(self, c: Children) -> tuple[tree.Number, tree.Number, int]:
        return c[1], c[3], c[3].span.end

    def date_type(self, c: Children) -> tree.DateType:
        return tree.DateType(span=self._over(c))

    def text_type(self, c: Children) -> tree.TextType:
        return tree.TextType(span=self._over(c))

    def define(self, c: Children) -> tree.DefineDecl:
        return tree.DefineDecl(self._declared(c[0], c[1]), folded(c[2].value), c[4], span=self._over(c))

    def value_decl(self, c: Children) -> tree.ValueDecl:
        return tree.ValueDecl(self._declared(c[0], c[1]), tuple(c[2]), span=self._over(c))

    def value_step(self, c: Children) -> tree.ValueStep:
        return tree.ValueStep(c[0], c[2], span=c[0].span.to(c[2].span))

    def impossible(self, c: Children) -> tree.ImpossibleDecl:
        return tree.ImpossibleDecl(self._declared(c[0], c[1]), folded(c[2].value), c[4], span=self._over(c))

    # --- clauses ----------------------------------------------------------------------------------

    def clause(self, c: Children) -> tree.Clause:
        name = self._declared(c[0], c[1])
        return tree.Clause(
            c[0].value,
            name,
            folded(c[2].value),
            c[3],
            provisions=self._provisions(c[4]),
            span=self._over(c),
        )

    def override(self, c: Children) -> tree.Clause:
        name = self._declared(c[0], c[1])
        return tree.Clause(
            "override",
            name,
            folded(c[2].value),
            c[3],
            tuple(c[6]),
            self._provisions(c[7]),
            span=self._over(c),
        )

    def exception(self, c: Children) -> tree.Exception_:
        name = self._declared(c[0], c[1])
        return tree.Exception_(
            name, folded(c[2].value), tuple(c[5]), self._provisions(c[6]), span=self._over(c)
        )

    def duty(self, c: Children) -> tree.Duty:
        name = self._declared(c[0], c[1])
        return tree.Duty(name, folded(c[2].value), tuple(c[3]), self._provisions(c[4]), span=self._over(c))

    def safeguard(self, c: Children) -> tree.Safeguard:
        return tree.Safeguard(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            tuple(word.value for word in c[3] if word.type in {"ITEM", "RECIPIENT"}),
            c[5],
            folded(c[7].value),
            self._provisions(c[8]),
            span=self._over(c),
        )

    def scope(self, c: Children) -> list[Token]:
        return c

    def advice(self, c: Children) -> tree.Advice:
        name = self._declared(c[0], c[1])
        return tree.Advice(name, folded(c[3].value), self._provisions(c[4]), span=self._over(c))

    def guarantee(self, c: Children) -> tree.Guarantee:
        return tree.Guarantee(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            c[3].value,
            outcome=c[4][0],
            provisions=self._provisions(c[5]),
            span=self._over(c),
        )

    def guarantee_of_duty(self, c: Children) -> tree.Guarantee:
        return tree.Guarantee(
            self._declared(c[0], c[1]),
            folded(c[2].value),
            c[3].value,
            duty=self._name(c[5]),
            provisions=self._provisions(c[6]),
            span=self._over(c),
        )

    def effect(self, c: Children) -> tree.Effect:
        outcome, start, end = c[0]
        return tree.Effect(outcome, span=Span(self.source, start, end))

    def must(self, c: Children) -> tree.Effect:
        return tree.Effect(Outcome(c[1].value), must=True, span=self._over(c))

    def outcome(self, c: Children) -> tuple[Outcome, int, int]:
        return Outcome("_".join([word.value for word in c])), c[0].start_pos, c[-1].end_pos

    def name(self, c: Children) -> tree.Name:
        return self._name(c[0])

    def every_consent_clause(self, c: Children) -> tree.EveryConsentClause:
        return tree.EveryConsentClause(span=self._over(c))

    def timing(self, c: Children) -> tree.Timing:
        act = Act(" ".join([word.value for word in c[1:]]))
        return tree.Timing(c[0].value, act, span=self._over(c))

    def cite(self, c: Children) -> tuple[Token, tree.Cite]:
        places = tuple([folded(place.value) for place in c[2]]) if len(c) > 2 else ()
        return c[0], tree.Cite(self._name(c[1]), places, span=self._over(c))

    # --- conditions ---------------------------------------------------------------------------------

    def PATH(self, token: Token) -> tree.Path:  # noqa: N802 - the terminal's name
        group, _, fact = token.value.partition(".")
        return tree.Path(group, fact, span=Span(self.source, token.start_pos, token.end_pos))  # type: ignore[arg-type]

    def holds(self, c: Children) -> tree.Holds:
        return tree.Holds(c[0], span=c[0].span)

    def holds_name(self, c: Children) -> tree.Holds:
        name = self._name(c[0])
        return tree.Holds(name, span=name.span)

    def is_(self, c: Children) -> tree.Is:
        fact, word, value = c
        return tree.Is(fact, (value,), word.type == "IS_NOT", span=fact.span.to(value.span))

    def is_one_of(self, c: Children) -> tree.Is:
        fact, word, _, values = c
        negated = word.type == "IS_NOT"
        return tree.Is(fact, tuple(values), negated, listed=True, span=fact.span.to(values[-1].span))

    def includes(self, c: Children) -> tree.Includes:
        value = self.word([c[2]])
        return tree.Includes(c[0], value, span=c[0].span.to(value.span))

    def compare(self, c: Children) -> tree.Compare:
        return tree.Compare(c[0], c[1].value, c[2], span=c[0].span.to(c[2].span))

    def negation(self, c: Children) -> tree.Not:
        return tree.Not(c[1], span=self._over(c))

    def bracketed(self, c: Children) -> tree.Condition:
        return cast(tree.Condition, attrs.evolve(c[1], span=self._over(c)))

    def quantified(self, c: Children) -> tree.Quantified:
        return tree.Quantified(c[0].value, self._name(c[1]), c[3], span=self._over(c))

    def chain_of_two(self, c: Children) -> tuple[list[tree.Condition], list[Token]]:
        return [c[0], c[2]], [c[1]]

    def chain_more(self, c: Children) -> tuple[list[tree.Condition], list[Token]]:
        items, joiners = c[0]
        joiners.append(c[1])
        items.append(c[2])
        return items, joiners

    def joined(self, c: Children) -> tree.And | tree.Or:
        items, joiners = c[0]
        return self._join(items, joiners)

    def joined_with_list(self, c: Children) -> tree.And | tree.Or:
        return self._join([c[0], c[2]], [c[1]])

    def chain_with_list(self, c: Children) -> tree.And | tree.Or:
        return self._join(*self.chain_more(c))

    def _join(self, items: list[tree.Condition], joiners: list[Token]) -> tree.And | tree.Or:
        kind = joiners[0].type
        other = next((joiner for joiner in joiners if joiner.type != kind), None)
        if other is not None:
            self.fault(
                "IS111",
                "`and` and `or` are mixed without brackets",
                Label(self._span(other), f"`{other.value}` here"),
                Label(self._span(joiners[0]), f"but `{joiners[0].value}` here"),
                help=("put brackets around what belongs together: `(a and b) or c`, or `a and (b or c)`",),
            )
        span = items[0].span.to(items[-1].span)
        if kind == "AND":
            return tree.And(tuple(items), span=span)
        for before, after in pairwise(items):
            match before, after:
                case tree.Is(values=(tree.Word(),)), tree.Holds(ref=tree.Name() as name):
                    self.doubtful.append((before, name))
        return tree.Or(tuple(items), span=span)

    def first_item(self, c: Children) -> list[tree.Condition]:
        return [c[1]]

    def these(self, c: Children) -> tree.These:
        start = c[0].start_pos
        if self._last_list > start:
            inner = Span(self.source, self._last_list, self._last_list_end)
            self.add(faults.nested_list(inner))
        self._last_list, self._last_list_end = start, c[0].end_pos
        return tree.These(c[0].type.partition("_")[0].lower(), tuple(c[1]), span=self._over(c))

    def today(self, c: Children) -> tree.Today:
        return tree.Today(span=self._span(c[0]))

    def offset(self, c: Children) -> tree.Offset:
        return tree.Offset(c[0], c[1].value, c[2], span=c[0].span.to(c[2].span))

    def offset_by_name(self, c: Children) -> tree.Offset:
        return tree.Offset(self._name(c[0]), c[1].value, c[2], span=self._over(c))

    def word(self, c: Children) -> tree.Word:
        return tree.Word(c[0].value, span=self._span(c[0]))

    def text(self, c: Children) -> tree.Text:
        return tree.Text(folded(c[0].value), span=self._span(c[0]))

    def number(self, c: Children) -> tree.Number:
        token = c[0]
        value = int(token.value) if len(token.value) < 20 else LARGEST_NUMBER + 1
        if abs(value) > LARGEST_NUMBER:
            self._distrusted = True
            self.fault("IS108", *number_too_large(self._span(token)))
        return tree.Number(value, span=self._span(token))

    def date(self, c: Children) -> tree.Date:
        token = c[0]
        try:
            value = dt.date.fromisoformat(token.value)
        except ValueError:
            self._distrusted = True
            self.fault(
                "IS109",
                *no_such_day(self._span(token)),
                help=("check the year, the month and the day, in this order",),
            )
            value = dt.date.min
        return tree.Date(value, span=self._span(token))

    def duration(self, c: Children) -> tree.Duration:
        count = self.number([c[0]])
        return tree.Duration(count.value, _UNITS[c[1].value], span=self._over(c))

    # --- scenarios ------------------------------------------------------------------------------------

    def scenario(self, c: Children) -> tree.Scenario:
        parts = self._once(c[2])
        return tree.Scenario(
            folded(c[1].value),
            tuple(c[4]),
            c[6],
            as_of=parts.get("as"),
            cites=tuple(parts.get("cites", ())),
            span=self._over(c),
        )

    def given_holds(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[0], span=c[0].span)

    def given_not(self, c: Children) -> tree.GivenHolds:
        return tree.GivenHolds(c[1], negated=True, span=self._over(c))

    def given_is(self, c: Children) -> tree.GivenIs:
        return tree.GivenIs(c[0], (c[2],), span=c[0].span.to(c[2].span))

    def given_exactly(self, c: Children) -> tree.GivenIs:
        return tree.GivenIs(c[0], tuple(c[3]), exactly=True, span=c[0].span.to(c[3][-1].span))

    def given_none(self, c: Children) -> tree.GivenNone:
        return tree.GivenNone(self._name(c[1]), span=self._over(c))

    def given_element(self, c: Children) -> tree.GivenElement:
        group = self._name(c[0])
        facts: list[tree.GivenHolds | tree.GivenIs] = []
        for token, make in c[3] if len(c) > 2 else ():
            facts.append(make(tree.Path(group.text, token.value, span=self._span(token))))
        return tree.GivenElement(group, folded(c[1].value), tuple(facts), span=self._over(c))

    # The group of an element's fact is known only to the element around it, so these wait for the path.

    def element_holds(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenHolds(path, span=span)

    def element_not(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[1], lambda path: tree.GivenHolds(path, negated=True, span=span)

    def element_is(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, (c[2],), span=span)

    def element_exactly(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, (c[3],), exactly=True, span=span)

    def element_exactly_several(self, c: Children) -> tuple[Token, Callable[[tree.Path], tree.Given]]:
        span = self._over(c)
        return c[0], lambda path: tree.GivenIs(path, tuple(c[4]), exactly=True, span=span)

    def expectation(self, c: Children) -> tree.Expectation:
        return self._expectation(c[0], c[1], must=False, start=c[0][1])

    def mandatory(self, c: Children) -> tree.Expectation:
        return self._expectation(c[1], c[2], must=True, start=c[0].start_pos)

    def _expectation(
        self, outcome: tuple[Outcome, int, int], results: list[Part], *, must: bool, start: int
    ) -> tree.Expectation:
        parts = self._once(results)
        end = results[-1][-1] if results else outcome[2]
        return tree.Expectation(
            outcome[0],
            must,
            because_of=tuple(parts.get("because", ())),
            basis=parts.get("basis"),
            with_=tuple(parts.get("with", ())),
            without=tuple(parts.get("without", ())),
            lifting=tuple(parts.get("lifting", ())),
            asking=tuple(parts.get("asking", ())),
            releasing=tuple(parts.get("releasing", ())),
            holding_back=tuple(parts.get("holding", ())),
            leaving_open=tuple(parts.get("leaving", ())),
            span=Span(self.source, start, end),
        )

    def basis(self, c: Children) -> tuple[Basis, int]:
        return Basis("_".join([word.value for word in c])), c[-1].end_pos

    def row(self, c: Children) -> tree.Row:
        recipient = folded(c[2].value) if len(c) > 1 else None
        return tree.Row(folded(c[0].value), recipient, span=self._over(c))


_TOGETHER = {
    "when": "join the two conditions with `and` or `or` after one `when`",
    "unless": "join the two conditions with `and` or `or` after one `unless`",
    "with": "list them after one `with`, with commas between them",
    "without": "list them after one `without`, with commas between them",
    "because": "keep one of them, or write both in one",
}


def names_of(declaration: tree.Declaration) -> set[str]:
    """The names that a declaration gives to others: its own, or the paths of its facts."""
    match declaration:
        case tree.FactsDecl(group=group, facts=facts):
            return {group.text} | {f"{group.text}.{fact.name.text}" for fact in facts}
        case tree.Use() | tree.Scenario():
            return set()
        case _:
            return {declaration.name.text}


def number_too_large(span: Span) -> tuple[str, Label]:
    """The message and label for a number beyond what is kept exactly."""
    return "the number is too large", Label(span, f"the largest is {LARGEST_NUMBER}")


def no_such_day(span: Span) -> tuple[str, Label]:
    """The message and label for a date that no calendar has."""
    year, month = int(span.text[:4]), int(span.text[5:7])
    label = "not in the calendar"
    if year and 1 <= month <= 12:
        label = f"{calendar.month_name[month]} {year} has {calendar.monthrange(year, month)[1]} days"
    return f"there is no day {span.text}", Label(span, label)

"""The code that reads the facts of a case: a plain dictionary -> one local a fact, strictly.

It accepts what `meaning.facts` accepts and in the same sense, and gives up on everything that it would refuse
or that is not plain (`return otherwise(facts)`), so that the definition reads it again and says what is wrong.
Deliberately not here: elements of lists, which the definition's reader reads, and what follows from the facts.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, assert_never

from infoshare.engine import assembly as a
from infoshare.engine.plan import Plan
from infoshare.meaning.answers import LARGEST, Wrong, read_answer
from infoshare.meaning.model import Fact
from infoshare.meaning.types import UNSURE, Date, Number, OneOf, SomeOf, Text, YesNo

Names = dict[str, Any]


def raw(position: int) -> str:
    """The local of a fact as it was given: None where it is unanswered, `unsure` where somebody is unsure."""
    return f"f{position}"


def effective(plan: Plan, position: int) -> str:
    """The local of a fact as the rules see it: as given, or as assumed."""
    return f"e{position}" if assumes(plan, position) else raw(position)


def assumes(plan: Plan, position: int) -> bool:
    """Whether something is assumed of a fact that nobody answered."""
    return plan.presume and plan.facts[position].assumed is not None


def reading(plan: Plan, bits: Mapping[int, int], names: Names) -> list[a.Stmt]:
    """Statements that read `facts` into locals.

    Afterwards there is a local for every fact, `rest` for what else the case says, and `k`, the number of bits
    that unknown facts take of which something is asked.

    Args:
        bits: how many bits each fact takes where it is unknown, by its position; none of which nothing is asked.
        names: has `read_lists`, which reads the lists of a case, and gets whatever else is referred to.
    """
    names |= {"type": type, "dict": dict, "str": str, "len": len}
    return [
        a.when(a.compare(a.call("type", a.name("facts")), (ast.IsNot(), a.name("dict"))), [a.refuse()]),
        a.assign("top", a.call("len", a.name("facts"))),
        a.assign("k", a.const(0)),
        *(stmt for number in range(len(plan.groups)) for stmt in _group(plan, number, names)),
        *_whatever_else(plan, names),
        *(stmt for position in range(len(plan.facts)) for stmt in _fact(plan, position, bits, names)),
    ]


def _group(plan: Plan, number: int, names: Names) -> Iterator[a.Stmt]:
    """Every fact of a group at once: quickest where all of them are there."""
    group, positions = list(plan.groups.items())[number]
    here, locals_ = f"g{number}", [raw(p) for p in positions]
    yield a.assign(here, a.call(a.method(a.name("facts"), "get"), a.const(group)))
    if not positions:
        yield a.when(a.is_not(a.name(here), None), [a.refuse()])
        return
    fact_names = [plan.facts[p].name for p in positions]
    names[f"none{number}"] = dict.fromkeys(fact_names)

    def is_not_all(of: str) -> a.Expr:
        return a.compare(a.call("len", a.name(of)), (ast.NotEq(), a.const(len(positions))))

    with_gaps = ast.BinOp(a.name(f"none{number}"), ast.BitOr(), a.name(here))
    yield a.when(
        a.is_(a.name(here), None),
        [a.assign(local, a.const(None)) for local in locals_],
        [
            a.when(a.compare(a.call("type", a.name(here)), (ast.IsNot(), a.name("dict"))), [a.refuse()]),
            ast.AugAssign(ast.Name("top", ast.Store()), ast.Sub(), a.const(1)),
            a.when(
                is_not_all(here),  # a name that nobody knows makes it more than all
                [a.assign(here, with_gaps), a.when(is_not_all(here), [a.refuse()])],
            ),
            *(
                a.assign(local, ast.Subscript(a.name(here), a.const(fact), ast.Load()))
                for local, fact in zip(locals_, fact_names, strict=True)
            ),
        ],
    )


def _whatever_else(plan: Plan, names: Names) -> Iterator[a.Stmt]:
    """The name of the case and its lists; what is then not counted is null, or a name that nobody knows."""
    names["read_text"] = plain_text
    names["known_groups"] = frozenset(["case", *plan.model.groups])
    yield a.assign(["name", "lists", "rest"], a.const((None, None, None)))
    taken = ast.AugAssign(ast.Name("top", ast.Store()), ast.Sub(), a.const(1))
    get = a.method(a.name("facts"), "get")
    body: list[a.Stmt] = [
        a.when(
            a.compare(a.const("case"), (ast.In(), a.name("facts"))),
            [
                taken,
                a.assign("name", a.call("read_text", a.call(get, a.const("case")))),
                a.when(a.is_(a.name("name"), None), [a.refuse()]),
            ],
        ),
    ]
    for group in plan.lists:
        given = a.is_not(a.call(get, a.const(group)), None)
        body.append(a.when(given, [a.assign("lists", a.const(True)), taken]))
    body.append(
        a.when(
            a.name("lists"),
            [
                a.assign("lists", a.call("read_lists", a.name("facts"))),
                a.when(a.is_(a.name("lists"), None), [a.refuse()]),
            ],
        )
    )
    within = a.compare(a.call(a.method(a.name("facts"), "keys")), (ast.LtE(), a.name("known_groups")))
    body.append(a.when(a.both([a.name("top"), a.negated(within)]), [a.refuse()]))
    body.append(a.assign("rest", a.tuple_([a.name("name"), a.name("lists")])))
    yield a.when(a.name("top"), body)


def _fact(plan: Plan, position: int, bits: Mapping[int, int], names: Names) -> Iterator[a.Stmt]:
    """One fact, checked: its own kind of answer, unanswered, unsure, or none of these."""
    fact, here = plan.facts[position], raw(position)
    assumed = assumes(plan, position)
    if assumed:
        yield a.assign(effective(plan, position), a.name(here))
    unknown = [a.add("k", bits[position])] if position in bits else []
    unanswered = unknown or [ast.Pass()]
    if assumed:
        names[f"assumed{position}"] = fact.assumed
        unanswered = [a.assign(effective(plan, position), a.name(f"assumed{position}"))]
    unsure = a.both(
        [
            a.compare(a.call("type", a.name(here)), (ast.Is(), a.name("str"))),
            a.compare(a.name(here), (ast.Eq(), a.const(UNSURE))),
        ]
    )
    otherwise = [
        a.when(unsure, unknown or [ast.Pass()], list(_converted(fact, position, names, assumed=assumed)))
    ]
    yield a.when(
        a.negated(_is_plainly_answered(fact, position, names)),
        [a.when(a.is_(a.name(here), None), unanswered, otherwise)],
    )


def _is_plainly_answered(fact: Fact, position: int, names: Names) -> a.Expr:
    """Whether a fact is answered in the form in which it is kept."""
    here = a.name(raw(position))
    match fact.type:
        case YesNo():
            return a.either([a.is_(here, True), a.is_(here, False)])
        case OneOf(values):
            names[f"values{position}"] = frozenset(values)
            is_text = a.compare(a.call("type", here), (ast.Is(), a.name("str")))
            return a.both([is_text, a.compare(here, (ast.In(), a.name(f"values{position}")))])
        case Number(_, low, high):
            first, last = -LARGEST if low is None else low, LARGEST if high is None else high
            names["int"] = int
            between = a.compare(a.const(first), (ast.LtE(), here), (ast.LtE(), a.const(last)))
            return a.both([a.compare(a.call("type", here), (ast.Is(), a.name("int"))), between])
        case Date():
            names["date"] = date
            return a.compare(a.call("type", here), (ast.Is(), a.name("date")))
        case SomeOf() | Text():
            return a.const(False)
        case _:
            assert_never(fact.type)


def _converted(fact: Fact, position: int, names: Names, *, assumed: bool) -> Iterator[a.Stmt]:
    """Another form of an answer, or nothing that the fact admits."""
    if isinstance(fact.type, YesNo):
        yield a.refuse()
        return
    names[f"read{position}"] = _reader(fact)
    here = raw(position)
    yield a.assign(here, a.call(f"read{position}", a.name(here)))
    yield a.when(a.is_(a.name(here), None), [a.refuse()])
    if assumed:
        yield a.assign(f"e{position}", a.name(here))


def _reader(fact: Fact) -> Callable[[object], Any]:
    type_ = fact.type

    def read(value: object) -> Any:
        if isinstance(value, str) and value == UNSURE:
            return None
        answer = read_answer(type_, value)
        return None if isinstance(answer, Wrong) else answer

    return read


def plain_text(value: object) -> str | None:
    """A text as it is kept; None for what is no text."""
    if type(value) is str and value.isascii():
        return value
    answer = read_answer(Text(), value)
    return answer if isinstance(answer, str) else None

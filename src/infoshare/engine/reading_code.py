"""The code that reads the facts of a case: a plain dictionary -> one local a fact, strictly.

It accepts what `meaning.facts` accepts and in the same sense, and gives up on everything that it would refuse
or that is not plain (`return otherwise(facts)`), so that the definition reads it again and says what is wrong.
Deliberately not here: elements of lists, which the definition's reader reads, and what follows from the facts.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from infoshare.engine import assembly as a
from infoshare.engine.plan import Plan
from infoshare.meaning.model import Fact
from infoshare.meaning.types import UNSURE, Date, Number, OneOf, Text, Wrong, YesNo

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

    Somebody's being unsure is the one text `UNSURE` then, so that `is` finds it.

    Args:
        bits: how many bits each fact takes where it is unknown, by its position; none of which nothing is asked.
        names: has `read_lists`, which reads the lists of a case, and gets whatever else is referred to.
    """
    names |= {"type": type, "dict": dict, "str": str, "len": len, "unsure": UNSURE}
    return [
        a.when(a.compare(a.call("type", a.name("facts")), (ast.IsNot(), a.name("dict"))), [a.refuse()]),
        a.assign("top", a.call("len", a.name("facts"))),
        a.assign("k", a.const(0)),
        a.assign("whole", a.const(True)),
        *(stmt for number in range(len(plan.groups)) for stmt in _group(plan, number, names)),
        *_whatever_else(plan, names),
        *_facts(plan, bits, names),
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

    with_some = a.assign("whole", a.const(False))
    with_gaps = ast.BinOp(a.name(f"none{number}"), ast.BitOr(), a.name(here))
    yield a.when(
        a.is_not(a.name(here), None),
        [
            a.when(a.compare(a.call("type", a.name(here)), (ast.IsNot(), a.name("dict"))), [a.refuse()]),
            ast.AugAssign(ast.Name("top", ast.Store()), ast.Sub(), a.const(1)),
            a.when(
                is_not_all(here),  # a name that nobody knows makes it more than all
                [a.assign(here, with_gaps), a.when(is_not_all(here), [a.refuse()]), with_some],
            ),
            *(
                a.assign(local, ast.Subscript(a.name(here), a.const(fact), ast.Load()))
                for local, fact in zip(locals_, fact_names, strict=True)
            ),
        ],
        [with_some, *(a.assign(local, a.const(None)) for local in locals_)],
    )


def _whatever_else(plan: Plan, names: Names) -> Iterator[a.Stmt]:
    """What a case says besides its plain groups, where it says anything."""
    names["read_rest"] = _reader_of_the_rest(plan, names["read_lists"])
    yield a.assign("rest", a.const(None))
    yield a.when(
        a.name("top"),
        [
            a.assign("rest", a.call("read_rest", a.name("facts"), a.name("top"))),
            a.when(a.is_(a.name("rest"), None), [a.refuse()]),
        ],
    )


def _reader_of_the_rest(
    plan: Plan, read_lists: Callable[[Mapping[str, Any]], Any]
) -> Callable[[Mapping[str, Any], int], tuple[str | None, Any] | None]:
    """What reads the name of a case and its lists; None where it is not plain.

    It is given how many keys are no plain groups. Of these, what is no name and no list is null, or nobody knows it.
    """
    known = frozenset(["case", *plan.model.groups])

    def read(facts: Mapping[str, Any], left: int) -> tuple[str | None, Any] | None:
        name = lists = None
        if "case" in facts:
            left -= 1
            name = plain_text(facts["case"])
            if name is None:
                return None
        given = sum([facts.get(group) is not None for group in plan.lists])
        if given:
            lists = read_lists(facts)
            if lists is None:
                return None
        if left > given and not facts.keys() <= known:
            return None
        return name, lists

    return read


def _facts(plan: Plan, bits: Mapping[int, int], names: Names) -> Iterator[a.Stmt]:
    """Every fact, checked: one look at all of them where they are plain, so that what is run then lies together."""
    positions = range(len(plan.facts))
    for position in positions:
        if assumes(plan, position):
            yield a.assign(effective(plan, position), a.name(raw(position)))
    plainly = {p: found for p in positions if (found := _is_plainly_answered(plan.facts[p], p, names))}
    if plainly:
        one_by_one = [_fact(plan, p, bits, names) for p in plainly]
        yield a.when(a.negated(a.both([a.name("whole"), *plainly.values()])), one_by_one)
    for position in positions:
        if position not in plainly:
            yield _fact(plan, position, bits, names)


def _fact(plan: Plan, position: int, bits: Mapping[int, int], names: Names) -> a.Stmt:
    """One fact, checked: its own kind of answer, unanswered, unsure, or none of these."""
    fact, here = plan.facts[position], raw(position)
    assumed = assumes(plan, position)
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
        a.when(
            unsure,
            [a.assign(here, a.name("unsure")), *unknown],
            list(_converted(fact, position, names, assumed=assumed)),
        )
    ]
    checked = a.when(a.is_(a.name(here), None), unanswered, otherwise)
    plainly = _is_plainly_answered(fact, position, names)
    return checked if plainly is None else a.when(a.negated(plainly), [checked])


def _is_plainly_answered(fact: Fact, position: int, names: Names) -> a.Expr | None:
    """Whether a fact is answered in the form in which it is kept; None where that takes more than a look."""
    here = a.name(raw(position))
    if isinstance(fact.type, YesNo):
        return a.either([a.is_(here, True), a.is_(here, False)])
    if isinstance(fact.type, OneOf):
        names[f"values{position}"] = frozenset(fact.type.values)
        is_text = a.compare(a.call("type", here), (ast.Is(), a.name("str")))
        return a.both([is_text, a.compare(here, (ast.In(), a.name(f"values{position}")))])
    if isinstance(fact.type, Number):
        lowest, highest = fact.type.reach
        names["int"] = int
        between = a.compare(a.const(lowest), (ast.LtE(), here), (ast.LtE(), a.const(highest)))
        return a.both([a.compare(a.call("type", here), (ast.Is(), a.name("int"))), between])
    if isinstance(fact.type, Date):
        names["date"] = date
        return a.compare(a.call("type", here), (ast.Is(), a.name("date")))
    return None


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
        answer = type_.read(value)
        return None if isinstance(answer, Wrong) else answer

    return read


def plain_text(value: object) -> str | None:
    """A text as it is kept; None for what is no text."""
    if type(value) is str and value.isascii():
        return value
    answer = Text().read(value)
    return answer if isinstance(answer, str) else None

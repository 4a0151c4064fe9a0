"""Values as written -> answers of facts, and how each type of fact is written in a condition.

Deliberately not here: the conditions themselves (`binding`).
"""

from collections.abc import Sequence
from typing import assert_never

from infoshare.diagnostic import Label, Nearest, did_you_mean
from infoshare.meaning import model as m
from infoshare.meaning.lookup import Lookup, listed
from infoshare.meaning.types import (
    UNSURE,
    Answer,
    Date,
    FactType,
    Number,
    OneOf,
    Reference,
    SomeOf,
    Text,
    YesNo,
)
from infoshare.syntax import tree as t
from infoshare.text import Span

_WHETHER_ANSWERED = frozenset(
    (
        "unknown",
        "known",
        "unanswered",
        "answered",
        "missing",
        "empty",
        "blank",
        "undefined",
        "null",
        "not_known",
    )
)


class Answers(Lookup):
    """Binds what is written in the place of an answer."""

    def answer(self, fact: m.Fact, value: t.Value, *, unsure: bool = False) -> Answer | None:
        """A written value as an answer of a fact; None, with the fault told, if it is not one.

        Args:
            unsure: whether `unsure` could have been meant.
        """
        match fact.type, value:
            case YesNo(), t.Word("yes" | "no" as word):
                return word == "yes"
            case ((OneOf(values) | SomeOf(values)), t.Word(word)) if word in values:
                return word
            case ((OneOf(values) | SomeOf(values)), t.Word(word)) if word != UNSURE:
                self.faults.unknown(
                    "IS301",
                    f"`{word}` is not a value of `{fact.path}`",
                    value.span,
                    f"its values are {listed(values)}",
                    space="value",
                    known=()
                    if word in _WHETHER_ANSWERED
                    else self._options(fact.path, values, unsure=unsure),
                    of=fact.path,
                    help=(self._whether_answered(fact, word, unsure=unsure),)
                    if word in _WHETHER_ANSWERED
                    else (f"write one of them, such as `{example(fact.path, fact.type)}`",),
                )
                return None
            case Number(_, low, high), t.Number(number):
                if (low is not None and number < low) or (high is not None and number > high):
                    self.faults.error(
                        "IS305",
                        f"expected a number from {low} to {high}, found {number}",
                        value.span,
                        f"`{fact.path}` cannot be that",
                        help=("check the number, or give the fact a wider range",),
                    )
                    return None
                return number
            case Date(), t.Date(day):
                return day
            case Text(), t.Text(text):
                return text
            case _:
                self.wrong_type(fact, value, unsure=unsure)
                return None

    def stands_alone(self, fact: m.Fact, span: Span) -> bool:
        """Whether a fact may stand by itself; the fault told if not."""
        if isinstance(fact.type, YesNo):
            return True
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {with_article(fact.type)}, so it cannot stand by itself",
            span,
            "only a yes-or-no fact can",
            help=(how_to_write(fact),),
        )
        return False

    def wrong_type(self, fact: m.Fact, value: t.Value, *, unsure: bool) -> None:
        """Tells that a value is no answer of a fact."""
        help_: tuple[str, ...] = (how_to_write(fact),)
        match fact.type, value:
            case _, t.Word("unsure") if not unsure:
                help_ = (
                    "a clause cannot ask for doubt: what is unsure is unknown to it, and leads to advice",
                )
            case _, t.Word(word) if word in _WHETHER_ANSWERED:
                help_ = (self._whether_answered(fact, word, unsure=unsure),)
            case Text(), t.Word(word):
                help_ = (f'text stands in double quotes: `{fact.path} is "{word}"`',)
            case YesNo(), t.Word("true" | "so"):
                help_ = (f"write `{fact.path}`",)
            case YesNo(), t.Word("false" | "not"):
                help_ = (f"write `not {fact.path}`",)
            case YesNo(), t.Word("none") if fact.each:
                help_ = (f"that it is so of none of them is written `no {fact.group} ({fact.path})`",)
            case ((OneOf(values) | SomeOf(values)), t.Text(text)) if text in values:
                help_ = (f"a value stands without quotes: `{example(fact.path, fact.type, text)}`",)
            case _, t.Word(word) if unsure:
                help_ = (*did_you_mean(word, (UNSURE, "yes", "no")), *help_)
            case _:
                pass
        self.faults.error(
            "IS302",
            f"`{fact.path}` is {with_article(fact.type)}",
            value.span,
            "this is not an answer to it",
            help=help_,
        )

    def _whether_answered(self, fact: m.Fact, word: str, *, unsure: bool) -> str:
        if unsure:
            return f"leave the line out: what is not given is unanswered; doubt is `{fact.path} is {UNSURE}`"
        return (
            f"a clause cannot ask whether a fact is {word.replace('_', ' ')}: "
            "what is not answered is unknown to it, and leads to questions or advice"
        )

    def no_doubles(self, values: Sequence[t.Value | t.Path]) -> None:
        """Tells what stands twice in a list of values."""
        seen: dict[t.Value | t.Path, Span] = {}
        for value in values:
            if value in seen:
                self.faults.error(
                    "IS303",
                    "the same value is given twice",
                    value.span,
                    "again",
                    also=(Label(seen[value], "first here"),),
                    help=("delete one, or write what was meant there",),
                )
            seen.setdefault(value, value.span)

    def how_to_say(self, fact: m.Fact, words: Sequence[str]) -> str:
        """How to write of a fact that it is one of what was said to be included."""
        if isinstance(fact.type, OneOf) and set(words) <= set(fact.type.values):
            return f"write `{fact.path} is {'one of ' if len(words) > 1 else ''}{', '.join(words)}`"
        return how_to_write(fact)

    def _options(self, path: str, values: tuple[str, ...], *, unsure: bool) -> Nearest:
        known = (*values, UNSURE) if unsure else values
        return self.near_options.setdefault(f"{path} {unsure}", Nearest(known))


def with_article(type_: FactType) -> str:
    """A type, as a fact is said to be one."""
    match type_:
        case OneOf():
            return "one of several values"
        case SomeOf():
            return "some of several values"
        case Number() | Date():
            return f"a {type_.words}"
        case Reference():
            return f"a reference to {type_.words}"
        case YesNo() | Text():
            return type_.words
        case _:
            assert_never(type_)


def example(path: str, type_: OneOf | SomeOf, value: str | None = None) -> str:
    """A condition about a fact of several values."""
    return f"{path} {'includes' if isinstance(type_, SomeOf) else 'is'} {value or type_.values[0]}"


def ticked(path: str, type_: SomeOf, node: t.Is) -> str:
    """How to say of a fact of which several values may be ticked what was said with `is`."""
    named = [value.text for value in node.values if isinstance(value, t.Word) and value.text in type_.values]
    of_none = node.values in {(t.Word("none"),), (t.Word("empty"),), (t.Word("nothing"),)}
    asked = named[:3] or list(type_.values[:3])
    each = [f"{path} includes {value}" for value in asked]
    if of_none or node.negated:
        return f"write `not ({' or '.join(each)})`" + (", with all of its values" if of_none else "")
    whole = f"write `{' or '.join(each) if named else each[0]}`"
    return whole if named else f"{whole}; its values are {listed(type_.values)}"


def how_to_write(fact: m.Fact) -> str:
    """Help that shows how a fact is written in a condition."""
    match fact.type:
        case YesNo():
            return f"write `{fact.path}`, or `not {fact.path}`"
        case OneOf(values):
            return f"write `{fact.path} is {values[0]}`; its values are {listed(values)}"
        case SomeOf(values):
            return f"write `{fact.path} includes {values[0]}`; its values are {listed(values)}"
        case Number():
            return f"write `{fact.path} is 3`, or compare it: `{fact.path} < 3`"
        case Date():
            return f"write `{fact.path} is 2026-01-31`, or compare it: `{fact.path} < 2026-01-31`"
        case Text():
            return f'write `{fact.path} is "…"`'
        case Reference(group, many=True):
            return f"write `any {group} in {fact.path} (…)`, or `{fact.path} is empty`"
        case Reference(group):
            return f"ask a fact of whom it names, `{fact.path}.…`, or write `{fact.path} is none of them`"
        case _:
            assert_never(fact.type)

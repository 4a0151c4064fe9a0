"""Reads the JSON form of a decision, `infoshare.decision/1`, back into a decision.

Invariants: every fault is told, with its path; unknown keys are passed over, as keys may be added;
nothing but DecisionError is raised, whatever the data. Deliberately not here: writing (`serial`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Literal, TypeVar, cast

from infoshare.diagnostic import Diagnostic
from infoshare.errors import DecisionError
from infoshare.meaning.findings import (
    AdviceFinding,
    AnswerOption,
    Assumption,
    Citation,
    ClauseFinding,
    Disclosure,
    DutyFinding,
    Hold,
    KeptSafeguard,
    LiftedDuty,
    PolicyRef,
    Question,
    Stated,
)
from infoshare.meaning.types import UNSURE
from infoshare.outcome import Basis, Outcome
from infoshare.policy.shapes import FORMAT, AnswerJson

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_NESTING = 16  # how deep `by` may go: no engine writes more than two


def stated(data: object) -> Stated:
    """The parts of the decision that `to_dict` wrote.

    Raises:
        DecisionError: the data is not a decision of this format; it carries every fault, with its path.
    """
    problems: list[Diagnostic] = []
    top = _Reader(data, "", problems)
    form = top.text("format")
    if problems or form != FORMAT:
        if not problems:
            top.fault("format", f'is not "{FORMAT}"')
        raise DecisionError(problems)
    found = Stated(
        policy=top.one("policy", _read_policy),
        case=top.text_or_null("case"),
        as_of=top.date("as_of"),
        outcome=top.word("outcome", Outcome),
        mandatory=top.flag_or_null("mandatory"),
        exact=top.flag("exact"),
        basis=top.word("basis", Basis),
        fired=top.many("fired", _read_clause),
        defeated=top.many("defeated", _read_clause),
        excepted=top.many("excepted", _read_clause),
        unresolved=top.many("unresolved", _read_clause),
        not_fired=top.many("not_fired", _read_clause),
        relied_on=top.answers("relied_on"),
        possible=top.words("possible", Outcome),
        questions=top.many("questions", _read_question),
        duties=top.many("duties", _read_duty),
        lifted=top.many("lifted", _read_lifted),
        safeguards=top.many("safeguards", _read_safeguard),
        disclosures=top.many("disclosures", _read_disclosure),
        advice=top.many("advice", _read_advice),
        assumed=top.many("assumed", _read_assumption),
    )
    if problems:
        raise DecisionError(problems)
    return found


class _Reader:
    """One JSON object being read: each method takes a key, notes what is wrong, and returns something."""

    def __init__(self, data: object, path: str, problems: list[Diagnostic], depth: int = 0) -> None:
        self.path, self.problems, self.depth = path, problems, depth
        self.data: Mapping[object, object] = data if isinstance(data, Mapping) else {}
        self.sound = isinstance(data, Mapping)
        if not self.sound:
            self.fault(None, "is not an object")

    def fault(self, key: str | None, message: str) -> None:
        path = self.path if key is None else f"{self.path}.{key}" if self.path else key
        self.problems.append(Diagnostic("IS701", f"`{path or 'the document'}` {message}", path=path or None))

    def has(self, key: str) -> bool:
        if self.sound and key not in self.data:
            self.fault(key, "is missing")
        return key in self.data

    def take(self, key: str, fits: Callable[[object], bool], expected: str, instead: T) -> T:
        if not self.has(key):
            return instead
        value = self.data[key]
        if not fits(value):
            self.fault(key, f"is not {expected}")
            return instead
        return cast("T", value)

    def text(self, key: str) -> str:
        return self.take(key, _is_text, "text", "")

    def text_or_null(self, key: str) -> str | None:
        return self.take(key, lambda v: v is None or _is_text(v), "text or null", None)

    def flag(self, key: str) -> bool:
        return self.take(key, lambda v: isinstance(v, bool), "true or false", False)

    def flag_or_null(self, key: str) -> bool | None:
        return self.take(key, lambda v: v is None or isinstance(v, bool), "true, false or null", None)

    def answer(self, key: str) -> AnswerJson:
        return plain_answer(self.take(key, _is_answer, "an answer", None))

    def date(self, key: str) -> date:
        if not self.has(key):
            return date.min
        written = self.data[key]
        try:
            day = date.fromisoformat(written) if isinstance(written, str) else None
        except ValueError:
            day = None
        if day is None or day.isoformat() != written:
            self.fault(key, "is not a date such as 2026-01-31")
        return day or date.min

    def word(self, key: str, words: type[E]) -> E:
        first = next(iter(words))
        return words(self.take(key, _among(words), f"one of {', '.join(words)}", first))

    def words(self, key: str, words: type[E]) -> tuple[E, ...]:
        found = self.take(
            key, _list_of(_among(words)), f"a list of {', '.join(words)}", cast("list[str]", [])
        )
        return tuple(words(word) for word in found)

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        if not required and key not in self.data:
            return ()
        return tuple(self.take(key, _list_of(_is_text), "a list of texts", cast("list[str]", [])))

    def answers(self, key: str) -> dict[str, AnswerJson]:
        found = self.take(key, _map_of(_is_answer), "an object of answers", cast("dict[str, Any]", {}))
        return {path: plain_answer(answer) for path, answer in found.items()}

    def one(self, key: str, read: Callable[["_Reader"], T]) -> T:
        if self.has(key):
            return read(self._inner(self.data[key], key))
        return read(_Reader({}, "", []))

    def many(self, key: str, read: Callable[["_Reader"], T], *, required: bool = True) -> tuple[T, ...]:
        if not required and key not in self.data:
            return ()
        entries = self.take(key, lambda v: isinstance(v, (list, tuple)), "a list", cast("list[object]", []))
        if entries and self.depth >= _NESTING:
            self.fault(key, "is nested too deep")
            return ()
        return tuple(read(self._inner(entry, f"{key}[{index}]")) for index, entry in enumerate(entries))

    def _inner(self, data: object, step: str) -> "_Reader":
        path = f"{self.path}.{step}" if self.path else step
        return _Reader(data, path, self.problems, self.depth + 1)


def plain_answer(answer: object) -> AnswerJson:
    """An answer as plain data that nobody else holds."""
    return list(answer) if isinstance(answer, (list, tuple)) else cast("AnswerJson", answer)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_answer(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, str)) or _list_of(_is_text)(value)


def _among(words: type[StrEnum]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in {word.value for word in words}


def _list_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(fits(entry) for entry in value)


def _map_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and all(_is_text(k) and fits(v) for k, v in value.items())


def _read_policy(r: _Reader) -> PolicyRef:
    return PolicyRef(
        r.text_or_null("name"), r.text_or_null("title"), r.text_or_null("version"), r.text("digest")
    )


def _read_citation(r: _Reader) -> Citation:
    return Citation(r.text("source"), r.text_or_null("at"))


def _read_clause(r: _Reader) -> ClauseFinding:
    return ClauseFinding(
        clause=r.text("clause"),
        kind=r.text("kind"),
        effect=r.text_or_null("effect"),
        statement=r.text("statement"),
        cites=r.many("cites", _read_citation),
        facts=r.answers("facts"),
        by=r.many("by", _read_clause, required=False),
        waiting_for=r.texts("waiting_for", required=False),
    )


def _read_question(r: _Reader) -> Question:
    no_leads: dict[str, list[str]] = {}
    leads = r.take("leads_to", _map_of(_list_of(_among(Outcome))), "an object of lists of outcomes", no_leads)
    no_strengths: dict[str, list[str | None]] = {}
    strengths = no_strengths
    if r.sound and "leads_to_strength" in r.data:  # a key added to the format
        a_list = _list_of(lambda value: value is None or _is_text(value))
        strengths = r.take(
            "leads_to_strength", _map_of(a_list), "an object of lists of texts or nulls", no_strengths
        )
    return Question(
        fact=r.text("fact"),
        ask=r.text("ask"),
        type=r.text("type"),
        answers=r.many("answers", lambda a: AnswerOption(a.answer("value"), a.text("label"))),
        answered=r.take("answered", lambda v: v in (None, UNSURE), f"null or {UNSURE}", None),
        for_=r.texts("for"),
        leads_to={answer: list(found) for answer, found in leads.items()},
        leads_to_strength={answer: list(found) for answer, found in strengths.items()},
    )


def _read_duty(r: _Reader) -> DutyFinding:
    state = r.take("state", lambda v: v in ("due", "open"), "due or open", "due")
    return DutyFinding(
        duty=r.text("duty"),
        timing=r.text("timing"),
        do=r.text("do"),
        state=cast("Literal['due', 'open']", state),
        waiting_for=r.texts("waiting_for"),
        cites=r.many("cites", _read_citation),
    )


def _read_lifted(r: _Reader) -> LiftedDuty:
    return LiftedDuty(
        duty=r.text("duty"),
        timing=r.text("timing"),
        do=r.text("do"),
        by=r.many("by", _read_clause),
        cites=r.many("cites", _read_citation),
    )


def _read_safeguard(r: _Reader) -> KeptSafeguard:
    return KeptSafeguard(r.text("safeguard"), r.text("statement"), r.many("cites", _read_citation))


def _read_hold(r: _Reader) -> Hold:
    return Hold(
        safeguard=r.text("safeguard"),
        statement=r.text("statement"),
        remedy=r.text("remedy"),
        cites=r.many("cites", _read_citation),
        facts=r.answers("facts"),
        waiting_for=r.texts("waiting_for"),
    )


def _read_disclosure(r: _Reader) -> Disclosure:
    return Disclosure(
        item=r.text_or_null("item"),
        recipient=r.text_or_null("recipient"),
        release=r.flag_or_null("release"),
        held_by=r.many("held_by", _read_hold),
        open_by=r.many("open_by", _read_hold),
    )


def _read_advice(r: _Reader) -> AdviceFinding:
    return AdviceFinding(r.text("advice"), r.text("whom"), r.many("cites", _read_citation))


def _read_assumption(r: _Reader) -> Assumption:
    return Assumption(r.text("fact"), r.answer("value"), r.flag("matters"))

"""Reading a case strictly: any mapping -> `Case`, or every fault of it at once.

Nothing is converted: `"no"` is not a yes-or-no answer, `7.0` is not a whole number. Messages give
the path and what was expected, never the answer itself. Deliberately not here: files (`casefile`).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import attrs

from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.model import Fact, Group, Model
from infoshare.meaning.types import UNSURE, Answer, Date, FactType, Number, OneOf, SomeOf, Text, YesNo

LONGEST_LIST = 1_000
LARGEST = 2**53 - 1
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@attrs.frozen
class Reading:
    """The case, and what is wrong with it; the case is to be used only when nothing is."""

    case: Case
    diagnostics: tuple[Diagnostic, ...]


def read(model: Model, facts: object) -> Reading:
    """Reads a case against a policy's vocabulary.

    Args:
        facts: a mapping of groups, `{"consent": {"status": "refused"}, "item": [{"name": …}]}`;
            dotted keys (`"consent.status"`) are accepted too, and `"case"` names the case.
    """
    reader = _Reader(model)
    reader.read(facts)
    case = Case(reader.name, reader.answers, frozenset(reader.unsure), reader.elements)
    return Reading(case, tuple(reader.faults))


class _Reader:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.name: str | None = None
        self.answers: dict[str, Answer] = {}
        self.unsure: set[str] = set()
        self.elements: dict[str, tuple[str, ...]] = {}
        self.faults: list[Diagnostic] = []

    def read(self, facts: object) -> None:
        if not isinstance(facts, Mapping):
            self._fault("IS408", "a case is a mapping of groups of facts", None, 'write {"consent": {"status": …}, …}')
            return
        for key, value in self._items(facts, None):
            group, dot, name = key.partition(".")
            if key == "case":
                self._case_name(value)
            elif dot:
                self._dotted(group, name, key, value)
            elif key in self.model.groups:
                self._group(self.model.groups[key], value)
            else:
                self._unknown(key, key, self.model.groups, "group")

    def _case_name(self, value: object) -> None:
        text = self._text(value, "case")
        if text is not None:
            self.name = text

    def _dotted(self, group: str, name: str, key: str, value: object) -> None:
        fact = self.model.facts.get(key)
        if fact is not None and not fact.each:
            self._answer(fact, key, value)
        elif fact is not None or (group in self.model.groups and self.model.groups[group].each):
            self._fault(
                "IS401",
                f"`{_shown(group)}` is a list, so its facts belong to an element of it",
                _shown(key),
                f'write "{group}": [{{"name": …, "{_shown(name)}": …}}]',
            )
        else:
            self._unknown(key, key, (f.path for f in self.model.facts.values() if not f.each), "fact")

    def _group(self, group: Group, value: object) -> None:
        if group.each:
            self._list(group, value)
        elif value is None:
            return
        elif not isinstance(value, Mapping):
            self._fault("IS408", f"`{group.name}` is a group: a mapping of facts was expected", group.name)
        else:
            for name, answer in self._items(value, group.name):
                self._named(group, name, f"{group.name}.{name}", answer)

    def _list(self, group: Group, value: object) -> None:
        if value is None:
            return
        if isinstance(value, str) and value == UNSURE:
            self.unsure.add(group.name)
            return
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self._fault("IS408", f"`{group.name}` is a list: a list of elements was expected", group.name)
            return
        if len(value) > LONGEST_LIST:
            self._fault("IS409", f"more than {LONGEST_LIST} elements are listed", group.name)
            return
        names: list[str] = []
        for index, element in enumerate(value):
            self._element(group, index, element, names)
        self.elements[group.name] = tuple(names)

    def _element(self, group: Group, index: int, element: object, names: list[str]) -> None:
        place = f"{group.name}[{index}]"
        if not isinstance(element, Mapping):
            self._fault("IS408", "an element is a mapping with its `name` and its facts", place)
            return
        answers = dict(self._items(element, place))
        if answers.get("name") is None:
            self._fault("IS406", "this element has no `name`", place, 'give every element a "name" of its own')
            name = f"#{index}"
        else:
            read = self._text(answers["name"], f"{place}.name")
            name = f"#{index}" if read is None else read
        if name in names:
            self._fault("IS407", "two elements have the same `name`", place, "give every element a name of its own")
            return
        names.append(name)
        for fact, answer in answers.items():
            if fact != "name":
                self._named(group, fact, element_key(group.name, name, fact), answer)

    def _named(self, group: Group, name: str, key: str, answer: object) -> None:
        fact = self.model.facts.get(f"{group.name}.{name}")
        if fact is not None:
            self._answer(fact, key, answer)
            return
        known = [f.name for f in self.model.facts.values() if f.group == group.name]
        help_ = did_you_mean(name, known)
        if help_ and not group.each:
            help_ = did_you_mean(f"{group.name}.{name}", [f"{group.name}.{k}" for k in known]) or help_
        self._fault("IS401", f"no fact of this group is named `{_shown(name)}`", _shown(key), *help_)

    def _unknown(self, word: str, path: str, known: object, what: str) -> None:
        self._fault(
            "IS401",
            f"no {what} is named `{_shown(word)}`",
            _shown(path),
            *did_you_mean(word, list(known)),  # type: ignore[call-overload]
        )

    def _answer(self, fact: Fact, key: str, value: object) -> None:
        if value is None:
            return
        if key in self.answers or key in self.unsure:
            self._fault("IS403", "this fact has two answers", _shown(key), "keep the one that is right")
            return
        if isinstance(value, str) and value == UNSURE:
            self.unsure.add(key)
            return
        answer = self._of_type(fact.type, value, _shown(key))
        if answer is not None:
            self.answers[key] = answer

    def _of_type(self, type_: FactType, value: object, path: str) -> Answer | None:
        match type_:
            case YesNo():
                if isinstance(value, bool):
                    return value
                hint = "write true or false, without quotation marks" if isinstance(value, str | int) else None
                self._wrong("yes or no (true or false)", path, hint)
            case OneOf(values):
                if isinstance(value, str) and value in values:
                    return value
                help_ = did_you_mean(value, values) if isinstance(value, str) else ()
                self._wrong(f"one of {', '.join(values)}", path, *help_)
            case SomeOf(values):
                return self._some_of(values, value, path)
            case Number(_, low, high):
                return self._number(low, high, value, path)
            case Date():
                return self._date(value, path)
            case Text():
                return self._text(value, path)
        return None

    def _some_of(self, values: tuple[str, ...], value: object, path: str) -> Answer | None:
        wanted = f"a list of some of {', '.join(values)}"
        if not isinstance(value, list | tuple | set | frozenset):
            self._wrong(wanted, path)
            return None
        ticked = list(value)
        for each in ticked:
            if not isinstance(each, str) or each not in values:
                self._wrong(wanted, path, *(did_you_mean(each, values) if isinstance(each, str) else ()))
                return None
        if len(set(ticked)) < len(ticked):
            self._wrong(f"{wanted}, each at most once", path)
            return None
        return frozenset(ticked)

    def _number(self, low: int | None, high: int | None, value: object, path: str) -> Answer | None:
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong("a whole number", path, "write it in digits, without quotation marks or a point")
            return None
        lowest, highest = (-LARGEST if low is None else low), (LARGEST if high is None else high)
        if not lowest <= value <= highest:
            self._fault("IS404", f"a number from {lowest} to {highest} was expected", path)
            return None
        return int(value)

    def _date(self, value: object, path: str) -> Answer | None:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                self._wrong("a date that is in the calendar", path)
                return None
        self._wrong("a date", path, "write it as 2026-01-31, without a time of day")
        return None

    def _text(self, value: object, path: str) -> str | None:
        if not isinstance(value, str):
            self._wrong("text", path)
            return None
        if any("\ud800" <= c <= "\udfff" for c in value):
            self._wrong("text of whole characters", path)
            return None
        return unicodedata.normalize("NFC", value)

    def _wrong(self, wanted: str, path: str, *help_: str | None) -> None:
        """Reports what was expected; the answer itself is not repeated."""
        self._fault("IS402", f"{wanted} was expected", path, *help_)

    def _fault(self, code: str, message: str, path: str | None, *help_: str | None) -> None:
        self.faults.append(Diagnostic(code, message, help=tuple(h for h in help_ if h), path=path))

    def _items(self, mapping: Mapping[object, object], path: str | None) -> Iterator[tuple[str, object]]:
        """The items of a mapping, each read exactly once; what cannot be read is a fault that names it."""
        for key in list(mapping):
            if not isinstance(key, str):
                self._fault("IS408", "the names of groups and facts are text", path)
                continue
            try:
                value = mapping[key]
            except Exception:  # noqa: BLE001 - whatever a caller's own mapping raises is its fault, and is named
                place = _shown(f"{path}.{key}" if path else key)
                self._fault("IS410", "this answer could not be read: reading it failed", place)
                continue
            yield key, value


def _shown(text: str) -> str:
    """A name from outside, safe to show: printable, and not endless."""
    clean = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return clean if len(clean) <= 100 else clean[:97] + "…"  # noqa: PLR2004

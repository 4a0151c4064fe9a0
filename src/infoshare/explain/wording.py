"""Says one fact, citation or list of things in words.

Invariants: everything that comes from a policy or a case is plain text, and `shown` lets no control
character through; the same value gives the same words on every machine.
Deliberately not here: which of it a letter says, and in what order (`letter`).
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.explain.negation import negate
from infoshare.meaning.decision import (
    AdviceFinding,
    Citation,
    ClauseFinding,
    Decision,
    DutyFinding,
    KeptSafeguard,
    LiftedDuty,
)
from infoshare.meaning.model import Condition, Fact, Model, Provision
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, YesNo
from infoshare.meaning.world import facts_of

GAP = "…"
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ELEMENT = re.compile(r'^(\w+)\[("(?:[^"\\]|\\.)*")\]\.(\w+)$', re.DOTALL)


def shown(text: str) -> str:
    """Text with every control, format or line-breaking character spelled out, ESC as backslash x1b."""
    return "".join(_spelled(c) if unicodedata.category(c) in _UNSAFE else c for c in text)


_UNSAFE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _spelled(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def day(when: date) -> str:
    """`22 November 2026`, whatever the locale."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def listed(parts: Iterable[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; semicolons where a part holds a comma itself."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    if any("," in item for item in items):
        return "; ".join(items[:-1]) + f"; {last} {items[-1]}"
    return ", ".join(items[:-1]) + f" {last} {items[-1]}"


def inside(sentence: str) -> str:
    """A sentence as part of another: no full stop, and a small letter where it began with a capital."""
    text = sentence.strip().rstrip(".")
    first = text.split(" ", 1)[0]
    if first.rstrip(",") in _ALWAYS_CAPITAL or (len(first) > 1 and not first[1:].islower()):
        return text
    return text[:1].lower() + text[1:]


_ALWAYS_CAPITAL = {"I", "Gillick", "Caldicott", "England", "Wales", "Scotland", "Parliament", "Fraser"}


def opening(sentence: str) -> str:
    """A sentence with a capital and a full stop."""
    text = sentence.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def name(text: str) -> str:
    """What somebody called an item or a person; in quotes where it could be read as part of the sentence."""
    return text if re.fullmatch(r"[\w '’&/+-]{1,80}", text) else f"“{text}”"


@attrs.frozen
class Said:
    """A fact in words: `who` it is about (an element, or nobody in particular) and the sentence."""

    who: str | None
    sentence: str

    def __str__(self) -> str:
        return f"for {self.who}: {self.sentence}" if self.who else self.sentence


@attrs.frozen
class Voice:
    """Speaks for one decision; without a model, facts are said by their names."""

    decision: Decision
    model: Model | None

    # --- facts

    def fact(self, path: str) -> tuple[Fact | None, str | None]:
        """A fact of the model (None if it is not known) and the element that the path names."""
        element, plain = None, path
        if found := _ELEMENT.match(path):
            element, plain = str(json.loads(found[2])), f"{found[1]}.{found[3]}"
        return (self.model.facts.get(plain) if self.model else None), element

    def group(self, path: str) -> str:
        """What a fact is about: the phrase of its group."""
        group = _bare(path).partition(".")[0]
        found = self.model.groups.get(group) if self.model else None
        return found.phrase if found else group.replace("_", " ")

    def said(self, path: str, answer: Any) -> Said:
        """What an answer says: `sexual abuse is not suspected`."""
        fact, element = self.fact(path)
        who = None if element is None else name(element)
        if fact is None:
            return Said(who, f"{_spoken(path)}: {_plain_label(answer)}")
        if isinstance(fact.type, YesNo):
            return Said(who, fact.phrase if answer is True else negate(fact.phrase))
        label = _label(answer, fact)
        if GAP in fact.phrase:
            return Said(who, fact.phrase.replace(GAP, label))
        return Said(who, f"{fact.phrase} is {label}")

    def facts(self, answers: Mapping[str, Any], *, most: int = 4, quiet: bool = True, about: bool = True) -> str:
        """Several answers as one clause of a sentence; with `quiet`, nothing that was only assumed.

        Without `about`, the element that a fact belongs to is taken as already named.
        """
        if self.model is None:
            return ""
        assumed = {a.fact for a in self.decision.assumed} if quiet else set()
        told = [path for path in answers if path not in assumed]
        sentences = [self.said(path, answers[path]) for path in told]
        said = list(dict.fromkeys(str(s) if about else s.sentence for s in sentences))
        if len(said) > most:
            said = [*said[:most], f"{len(said) - most} more things like it"]
        return listed(said)

    def question(self, path: str) -> str | None:
        """What to ask about a fact, with the element that it is about."""
        fact, element = self.fact(path)
        asked = next((q.ask for q in self.decision.questions if q.fact == path), None)
        text = asked or (fact.ask if fact else None)
        if not text:
            return None
        return f"{name(element)}: {text}" if element is not None and element not in text else text

    def whether(self, path: str, *, about: bool = True) -> str:
        """An unknown fact as part of a sentence: `whether telling them would endanger the child`."""
        fact, element = self.fact(path)
        prefix = f"for {name(element)}, " if about and element is not None else ""
        if fact is not None and isinstance(fact.type, YesNo):
            return f"{prefix}whether {fact.phrase}"
        if fact is None and self.model and path in self.model.groups:
            return f"the list of {self.model.groups[path].phrase}"
        if question := self.question(path):
            return f"the question “{question}”"
        return f"{prefix}{fact.phrase if fact else _spoken(path)}"

    def waits(self, paths: Sequence[str], *, about: bool = True) -> str:
        """Why something is not settled: `whether … has not been answered`.

        Several facts that belong to one named condition are said by its name. Without `about`, the
        element that a fact belongs to is taken as already named.
        """
        unsure = {q.fact for q in self.decision.questions if q.answered is not None}
        asked = [path for path in paths if path not in unsure]
        doubts = [path for path in paths if path in unsure]
        told = [
            self._not_yet(found, verb, about=about)
            for found, verb in ((asked, "been answered"), (doubts, "become clear"))
            if found
        ]
        return ", and ".join(told) or "something that it hangs on has not been answered"

    def _not_yet(self, paths: Sequence[str], verb: str, *, about: bool) -> str:
        phrase, covered = self._named(paths)
        first = f"whether {phrase}" if phrase else self.whether(paths[0], about=about)
        rest = [path for path in paths if path not in covered] if phrase else list(paths[1:])
        if not rest:
            return f"{first} has not {verb}"
        if len(rest) == 1:
            return f"{first} has not {verb}, nor has {self.whether(rest[0], about=about)}"
        return f"{first} has not {verb}, nor have {len(rest)} more questions"

    def _named(self, paths: Sequence[str]) -> tuple[str | None, set[str]]:
        """The phrase of the named condition that speaks of most of these facts (two or more), and which."""
        best: tuple[str | None, set[str]] = None, set()
        narrowest = 0
        for define in self.model.defines.values() if self.model else ():
            speaks_of = self.paths(define.condition)
            covered = {path for path in paths if path in speaks_of}
            better = len(covered) > len(best[1]) or (len(covered) == len(best[1]) and len(speaks_of) < narrowest)
            if len(covered) > 1 and better:
                positive = negate(define.phrase)
                denied = " not " in f" {define.phrase} " and " not " not in f" {positive} "
                best, narrowest = (positive if denied else define.phrase, covered), len(speaks_of)
        return best

    def paths(self, condition: Condition | None) -> set[str]:
        """The facts that a condition speaks of."""
        return {fact.path for fact in facts_of(self.model, condition)} if self.model else set()

    def own_paths(self, clause: str) -> set[str] | None:
        """The facts that a clause's own conditions speak of; None without a model."""
        provision = self.model.clauses.get(clause) if self.model else None
        return None if provision is None else self.paths(provision.when) | self.paths(provision.unless)

    # --- citations

    def points(self, *cited: Iterable[Citation]) -> str:
        """` (points 1, 3)`, or nothing where nothing is cited."""
        text = self.places(*cited)
        return f" ({text})" if text else ""

    def places(self, *cited: Iterable[Citation]) -> str:
        """`points 1, 3`: a bare number is a point; the source is named unless it is the procedure itself."""
        by_source: dict[str, list[str]] = {}
        for citation in (c for cites in cited for c in cites):
            places = by_source.setdefault(citation.source, [])
            if citation.at is not None and citation.at not in places:
                places.append(citation.at)
        return "; ".join(self._in_source(source, places) for source, places in by_source.items())

    def _in_source(self, source: str, places: list[str]) -> str:
        points = sorted((p for p in places if _is_point(p)), key=_natural)
        others = [p for p in places if not _is_point(p)]
        numbered = [f"point{'s' if len(points) > 1 else ''} {', '.join(points)}"] if points else []
        said = ", ".join([*numbered, *others])
        title = self._title(source)
        return ", ".join(part for part in (title, said) if part) or self._full_title(source)

    def _title(self, source: str) -> str:
        """Empty for the main source: its places stand by themselves."""
        return "" if source == self.main_source else self._full_title(source)

    @cached_property
    def main_source(self) -> str | None:
        """The source that the procedure itself is, else the one cited most (of equals, the first)."""
        cited = list(self._all_cited())
        own = next((s for s in cited if self._full_title(s) == self.decision.policy.title), None)
        return own or (max(cited, key=cited.count) if cited else None)

    def source_note(self) -> str | None:
        """What the places without a source are of, where that is not plain."""
        main = self.main_source
        if main is None or len(set(self._all_cited())) == 1 or self._full_title(main) == self.decision.policy.title:
            return None
        return f"Where no source is named, it is: {self._full_title(main)}."

    def _all_cited(self) -> Iterable[str]:
        if self.model is None:
            return [citation.source for citation in _citations(self.decision)]
        model = self.model
        tables: tuple[Mapping[str, Provision], ...] = (
            model.clauses,
            model.exceptions,
            model.duties,
            model.safeguards,
            model.advice,
        )
        return [cite.source for table in tables for provision in table.values() for cite in provision.cites]

    def _full_title(self, source: str) -> str:
        found = self.model.sources.get(source) if self.model else None
        return found.title if found else source.replace("_", " ")

    def because(self, finding: ClauseFinding) -> str:
        """Why a clause or exception speaks: its facts in words, else its statement."""
        return self.facts(finding.facts, quiet=False) or inside(finding.statement)


def _citations(decision: Decision) -> Iterable[Citation]:
    for clauses in (decision.fired, decision.defeated, decision.excepted, decision.unresolved, decision.not_fired):
        for clause in clauses:
            yield from clause.cites
    others: tuple[DutyFinding | LiftedDuty | KeptSafeguard | AdviceFinding, ...] = (
        *decision.duties,
        *decision.lifted,
        *decision.safeguards,
        *decision.advice,
    )
    for other in others:
        yield from other.cites


def _bare(path: str) -> str:
    found = _ELEMENT.match(path)
    return f"{found[1]}.{found[3]}" if found else path


def _spoken(path: str) -> str:
    return _bare(path).partition(".")[2].replace("_", " ") or path.replace("_", " ")


def _is_point(place: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)*[a-z]?", place) is not None


def _natural(place: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", place))


def _plain_label(answer: Any) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case list() | tuple():
            return listed(str(a).replace("_", " ") for a in answer) or "nothing"
        case None:
            return "not answered"
        case _:
            return str(answer).replace("_", " ")


def _label(answer: Any, fact: Fact) -> str:
    """An answer, as JSON holds it, the way a person says it."""
    match fact.type, answer:
        case (OneOf(values, labels) | SomeOf(values, labels)), str() if answer in values:
            return labels[values.index(answer)]
        case SomeOf(values, labels), list() | tuple():
            return listed(labels[values.index(v)] for v in answer if v in values) or "none of those listed"
        case Date(), str():
            try:
                return day(date.fromisoformat(answer))
            except ValueError:
                return answer
        case Number(unit), int() if unit:
            return f"{answer} {unit.rstrip('s') if answer == 1 else unit}"
        case _:
            return _plain_label(answer) if not isinstance(answer, str) else answer

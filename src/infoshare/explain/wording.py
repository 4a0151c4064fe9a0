"""Says one fact, citation or list of things in words.

Invariant: everything that comes from a policy or a case is plain text.
Deliberately not here: which of it a letter says, and in what order (`letter`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.explain.english import day, inside, listed, name
from infoshare.explain.negation import negate
from infoshare.meaning.findings import (
    AdviceFinding,
    Citation,
    ClauseFinding,
    DutyFinding,
    Findings,
    KeptSafeguard,
    LiftedDuty,
)
from infoshare.meaning.model import Condition, Fact, Model, Provision
from infoshare.meaning.types import Date, Number, OneOf, SomeOf, YesNo
from infoshare.meaning.world import facts_of

GAP = "…"
# "3" is a point; "golden rule 3" is one of several golden rules
_NUMBERED = re.compile(r"^(?:([A-Za-z][A-Za-z ]*) )?(\d+(?:\.\d+)*[a-z]?)$")
_ELEMENT = re.compile(r'^(\w+)\[("(?:[^"\\]|\\.)*")\]\.(\w+)$', re.DOTALL)


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

    decision: Findings
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
        label = label_of(answer, fact)
        if GAP in fact.phrase:
            return Said(who, fact.phrase.replace(GAP, label))
        return Said(who, f"{fact.phrase} is {label}")

    def facts(
        self, answers: Mapping[str, Any], *, most: int = 4, quiet: bool = True, about: bool = True
    ) -> str:
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
            better = len(covered) > len(best[1]) or (
                len(covered) == len(best[1]) and len(speaks_of) < narrowest
            )
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
        numbered: dict[str, list[str]] = {}
        for place in places:
            found = _NUMBERED.match(place)
            kind, number = (found[1] or "point", found[2]) if found else (place, "")
            numbered.setdefault(kind, []).append(number)
        said = []
        for kind, numbers in numbered.items():
            ordered = ", ".join(sorted(filter(None, numbers), key=_natural))
            said.append(f"{kind}{'s' if len(numbers) > 1 else ''} {ordered}".strip())
        title = self._title(source)
        return ", ".join(filter(None, (title, *said))) or self._full_title(source)

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
        if (
            main is None
            or len(set(self._all_cited())) == 1
            or self._full_title(main) == self.decision.policy.title
        ):
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


def _citations(decision: Findings) -> Iterable[Citation]:
    for clauses in (
        decision.fired,
        decision.defeated,
        decision.excepted,
        decision.unresolved,
        decision.not_fired,
    ):
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


def label_of(answer: Any, fact: Fact) -> str:
    """An answer, as JSON holds it, the way a person says it."""
    match fact.type, answer:
        case ((OneOf(values, labels) | SomeOf(values, labels)), str()) if answer in values:
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

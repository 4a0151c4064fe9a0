"""Words one fact, one open question or one citation.

Invariant: everything that comes from a policy or a case is plain text.
Deliberately not here: which of it a letter says, and in what order (`letter`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from infoshare.explain.english import drawn_together, listed, name, plural, some
from infoshare.explain.labels import GAP, Said, answered, label_of, naming, plain_label, whoever
from infoshare.explain.negation import negate, plural_verb
from infoshare.meaning.case import element_key
from infoshare.meaning.findings import (
    AdviceFinding,
    AskConsent,
    Citation,
    DutyFinding,
    Findings,
    KeptSafeguard,
    LiftedDuty,
    PolicyRef,
    Question,
    Stated,
)
from infoshare.meaning.model import Condition, Fact, Model, Provision
from infoshare.meaning.types import OneOf, Reference, SomeOf, YesNo
from infoshare.outcome import Act, Basis, Outcome

_MOST_OPEN = 5
"""How many unanswered facts are said of one thing."""
_FIRST_OPEN = 2
"""How many of them, drawn together, are read first."""
# "3" is a point; "golden rule 3" is one of several golden rules
_NUMBERED = re.compile(r"^(?:([A-Za-z][A-Za-z ]*) )?(\d+(?:\.\d+)*[a-z]?(?:\(\w+\))*)$")
_ELEMENT = re.compile(r'^(\w+)\[("(?:[^"\\]|\\.)*")\]\.(\w+)$', re.DOTALL)


# a place in a phrase, what is theirs, and the words up to the verb that goes with it
_PLACE = re.compile(
    r"(?P<before>\b(?:does|is|has|was) )?\{(?P<path>\w+\.\w+)\}(?P<own>'s)?(?P<words>(?: (?:no|longer|not|also|still|now|never|already))*(?: \w+)?)",
    re.IGNORECASE,
)
_BEFORE_VERBS = {"no", "longer", "not", "also", "still", "now", "never", "already"}


@attrs.frozen
class Voice:
    """Speaks for one decision; without a model, facts are said by their names.

    Attributes:
        full: whether all is said, or what a practitioner reads first.
        answers: of the case, where it is at hand: what is said in the places of questions. Otherwise it is told from
            all that the decision says.
    """

    decision: Findings | Stated
    model: Model | None
    full: bool = True
    answers: Mapping[str, Any] | None = attrs.field(default=None, repr=False)

    @property
    def relaxed(self) -> frozenset[str]:
        """The clauses that stand and no longer say that it must or should be done."""
        return frozenset(each.clause for each in self.decision.relaxed)

    # --- facts

    def fact(self, path: str) -> tuple[Fact | None, str | None]:
        """A fact of the model (None if it is not known) and the element that the path names."""
        element, plain = None, path
        if found := _ELEMENT.match(path):
            element, plain = str(json.loads(found[2])), f"{found[1]}.{found[3]}"
        return (self.model.facts.get(plain) if self.model else None), element

    def element(self, path: str) -> tuple[str, str] | None:
        """The list and the name of the element that a fact is of; None where it is of none."""
        _, named = self.fact(path)
        return None if named is None else (path.partition("[")[0], named)

    def group(self, path: str) -> str:
        """What a fact is about: the phrase of its group."""
        group = _bare(path).partition(".")[0]
        found = self.model.groups.get(group) if self.model else None
        return found.phrase if found else group.replace("_", " ")

    def provision(self, clause: str) -> Provision | None:
        """A clause, exception, safeguard or advice of the model, by its name."""
        model = self.model
        tables = (model.clauses, model.exceptions, model.safeguards, model.advice) if model else ()
        return next((table[clause] for table in tables if clause in table), None)

    def phrase_of(self, define: str) -> str:
        """What the policy calls a named condition."""
        return self.placed(self.model.defines[define].phrase) if self.model else define.replace("_", " ")

    @property
    def people(self) -> bool:
        """Whether the policy uses rows, people or another form that came with them."""
        return self.decision.ask_consent is not None

    @cached_property
    def by_row(self) -> bool:
        """Whether the policy says something for each item or recipient, so that every row has an outcome."""
        return any(row.outcome is not None for row in self.decision.disclosures)

    @cached_property
    def open_rows(self) -> bool:
        """Whether more than one outcome is possible of some row."""
        return any(row.possible is not None and len(row.possible) > 1 for row in self.decision.disclosures)

    @cached_property
    def at_once(self) -> bool:
        """Whether something is to be done before whatever is decided, as to ring for help."""
        acts = [act for act in Act if act.outcome is not None]
        return any(
            d.state == "due" and all(f"before {act}" in d.timing for act in acts)
            for d in self.decision.duties
        )

    @cached_property
    def sides(self) -> tuple[Sequence[str | None], Sequence[str | None]]:
        """The items and the recipients of the rows, in order."""
        rows = self.decision.disclosures
        return list(dict.fromkeys(row.item for row in rows)), list(
            dict.fromkeys(row.recipient for row in rows)
        )

    @cached_property
    def consent_by_row(self) -> Mapping[tuple[str | None, ...], Sequence[AskConsent]]:
        """Whose consent is sought for each row."""
        found: dict[tuple[str | None, ...], list[AskConsent]] = {}
        for each in self.decision.ask_consent or ():
            for pair in each.rows or [(row.item, row.recipient) for row in self.decision.disclosures]:
                found.setdefault(tuple(pair), []).append(each)
        return found

    @cached_property
    def assumed(self) -> frozenset[str]:
        """The facts that nobody answered and that were taken to be so."""
        return frozenset(assumption.fact for assumption in self.decision.assumed)

    def said(self, path: str, answer: Any) -> Said:
        """Words an answer: `sexual abuse is not suspected`."""
        fact, _ = self.fact(path)
        element = self.element(path)
        if fact is None and answer == [] and self.model and path in self.model.groups:
            return Said(None, f"no {path.replace('_', ' ')} is listed")
        if fact is None:
            return Said(element, f"{_spoken(path)}: {plain_label(answer)}")
        if isinstance(fact.type, Reference):
            return naming(self.placed(fact.phrase, element), answer, element, many=fact.type.many)
        return Said(element, self.placed(answered(fact, answer), element))

    def placed(self, text: str, element: tuple[str, str] | None = None) -> str:
        """A text of the policy with the answers in its places: `{consent.by} refuses` as `the parents refuse`.

        Args:
            element: of which it speaks.
        """
        if self.model is None or "{" not in text:
            return text
        return _PLACE.sub(lambda place: self._in_place(place, element), text)

    def _in_place(self, place: re.Match[str], element: tuple[str, str] | None) -> str:
        fact = self.model.facts.get(place["path"]) if self.model else None
        if fact is None:
            return place[0]
        key = fact.path
        if fact.each:
            key = (
                element_key(fact.group, element[1], fact.name) if element and element[0] == fact.group else ""
            )
        answer = self._told.get(key) if self.answers is None else self._answered(fact, key, self.answers)
        label = whoever(fact) if answer is None else label_of(answer, fact)
        several = answer is not None and (plural(label) or " and " in label)
        own = ("'" if label.endswith("s") else "'s") if place["own"] else ""
        before, words = place["before"] or "", place["words"].split(" ")
        at = next((at for at, word in enumerate(words) if word and word not in _BEFORE_VERBS), None)
        if several and before:  # `Does {consent.by} refuse?`
            verb = plural_verb(before.strip().lower())
            before = f"{verb.capitalize() if before[0].isupper() else verb} "
        elif several and not own and at is not None:
            words[at] = plural_verb(words[at])
        return f"{before}{label}{own}{' '.join(words)}"

    def _answered(self, fact: Fact, key: str, answers: Mapping[str, Any]) -> Any:
        """What the case answers, or else what is assumed of it."""
        if key in answers or (fact.assumed is None and fact.assumed_every is None):
            return answers.get(key)
        return next((each.value for each in self.decision.assumed if each.fact == key), None)

    @cached_property
    def _told(self) -> Mapping[str, Any]:
        """What the decision says of its case."""
        decision = self.decision
        told: dict[str, Any] = {**decision.relied_on}
        for findings in (
            decision.fired,
            decision.unresolved,
            decision.not_fired,
            decision.defeated,
            decision.excepted,
        ):
            for finding in findings:
                for each in (finding, *finding.by):
                    told.update(each.facts)
        told.update((each.fact, each.value) for each in decision.assumed)
        return told

    @cached_property
    def _asked(self) -> Mapping[str, Question]:
        return {question.fact: question for question in self.decision.questions}

    def question(self, path: str) -> str | None:
        """What to ask about a fact, with the element that it is about."""
        fact, element = self.fact(path)
        if fact is None and self.model and path in self.model.groups:
            return f"Please list each {path.replace('_', ' ')}."
        asked = self._asked.get(path)
        text = asked.ask if asked else (fact.ask if fact else None)
        if not text:
            return None
        text = self.placed(text, self.element(path))
        if element is None or re.search(rf"(?<!\w){re.escape(element)}(?!\w)", text):
            return text
        return f"{name(element)}: {text}"

    def whether(self, path: str, *, named: Sequence[tuple[str, str]] = ()) -> str:
        """Words an unknown fact as part of a sentence: `whether telling them would endanger the child`.

        Args:
            named: the elements that the sentence has named already.
        """
        fact, _ = self.fact(path)
        whose = self.element(path)
        prefix = "" if whose is None or whose in named else f"for {name(whose[1])}, "
        if fact is not None and isinstance(fact.type, YesNo):
            return f"{prefix}whether {_asked_of(self.placed(fact.phrase, whose))}"
        if fact is None and self.model and path in self.model.groups:
            return f"who or what is listed as {self.model.groups[path].phrase}"
        if question := self.question(path):
            # in short, the first of several questions is enough to know which it is
            first, mark, _ = question.partition("?")
            return f"the question “{question if self.full else first + mark}”"
        return (
            f"{prefix}{self.placed(fact.phrase, whose).replace(GAP, '').strip() if fact else _spoken(path)}"
        )

    def waits(self, paths: Sequence[str], *, named: Sequence[tuple[str, str]] = ()) -> str:
        """Says why something is not settled: `whether … has not been answered`; in short, what to find out.

        Several facts that belong to one named condition are said by its name.
        """
        doubts = [
            p for p in paths if (asked := self._asked.get(p)) is not None and asked.answered is not None
        ]
        told = [
            self._open(self.not_known(found, named=named), verb)
            for found, verb in (
                ([p for p in paths if p not in doubts], "been answered"),
                (doubts, "become clear"),
            )
            if found
        ]
        return (", and " if self.full else "; ").join(
            told
        ) or "something that it depends on has not been answered"

    def not_known(self, paths: Sequence[str], *, named: Sequence[tuple[str, str]] = ()) -> list[str]:
        """Each thing that is not known, as part of a sentence: `whether it is accurate`."""
        phrase, covered = self._named(paths)
        told = [f"whether {phrase}"] if phrase else []
        return [*told, *(self.whether(path, named=named) for path in paths if path not in covered)]

    def _open(self, told: Sequence[str], verb: str) -> str:
        if self.full:
            if len(told) == 1:
                return f"{told[0]} has not {verb}"
            return f"these have not {verb}: {'; '.join(some(told, _MOST_OPEN, 'questions'))}"
        if verb == "been answered":
            return self.to_find_out(told)
        short = [each.replace("the question “", "the answer to “", 1) for each in told]
        return f"{listed(short)} {'has' if len(told) == 1 else 'have'} not {verb}"

    def depends_on(self, paths: Sequence[str]) -> str:
        """On what something hangs that is not settled: `whether it is accurate and 2 more things`."""
        told = [_whose_last(each) for each in self.not_known(paths)]
        whether = _drawn([each for each in told if each.startswith("whether ")])
        others = [
            each.replace("the question “", "the answer to “", 1)
            for each in told
            if not each.startswith("whether ")
        ]
        return listed(some([*whether, *others], _FIRST_OPEN, "things"))

    def to_find_out(self, told: Sequence[str]) -> str:
        """What is to be found out: `find out whether it is accurate`."""
        told = [_whose_last(each) for each in told]
        asked = [each.removeprefix("the question ") for each in told if each.startswith("the question “")]
        whether = [each for each in told if each.startswith("whether ")]
        others = [each for each in told if not each.startswith(("whether ", "the question “"))]
        what = listed(some([*_drawn(whether), *others], _FIRST_OPEN, "things"))
        answers = listed(some(asked, 1 if what else _FIRST_OPEN, "questions"))
        if not what:
            return f"answer first {answers}"
        return f"find out {what}{f'; answer {answers}' if answers else ''}"

    def _named(self, paths: Sequence[str]) -> tuple[str | None, set[str]]:
        """Finds the define that speaks of two or more of these facts and of little else: its phrase, and which."""
        best: tuple[str | None, set[str]] = None, set()
        closest: tuple[int, int] | None = None
        # where more may be asked for than is needed, no condition can be named for it
        for define, speaks_of in self._defines if len(paths) > 1 and self.decision.exact else ():
            covered = speaks_of.intersection(paths)
            # one that speaks of much else would say something else
            close = (len(covered) - len(speaks_of - covered), -len(speaks_of))
            if len(covered) > 1 and (closest is None or close > closest):
                best, closest = (_asked_of(define), covered), close
        return best

    @cached_property
    def _defines(self) -> Sequence[tuple[str, set[str]]]:
        """The phrase of every named condition, and the facts that it speaks of."""
        defines = self.model.defines.values() if self.model else ()
        return [(define.phrase, self.paths(define.condition)) for define in defines]

    def paths(self, condition: Condition | None) -> set[str]:
        """The facts that a condition speaks of."""
        return {fact.path for fact in self.model.facts_of(condition)} if self.model else set()

    def own_paths(self, clause: str) -> set[str] | None:
        """The facts that a clause's own conditions speak of; None without a model."""
        provision = self.model.clauses.get(clause) if self.model else None
        return None if provision is None else self.paths(provision.when) | self.paths(provision.unless)

    # --- citations

    def points(self, *cited: Iterable[Citation], first: bool = False) -> str:
        """Cites in brackets: ` (points 1, 3)`; empty where nothing is cited.

        What is read first leaves them out, but for the paragraph that decides: `first`.
        """
        text = self.places(*cited) if self.full or first else ""
        return f" ({text})" if text else ""

    def places(self, *cited: Iterable[Citation]) -> str:
        """`points 1, 3`: a bare number is a point; the source is named unless it is the procedure itself."""
        by_source: dict[str, list[str]] = {}
        for citation in (c for cites in cited for c in cites):
            places = by_source.setdefault(citation.source, [])
            if citation.at is not None and citation.at not in places:
                places.append(citation.at)
        if not self.full and by_source:  # one source is enough, the main one where it is cited
            only = self.main_source if self.main_source in by_source else next(iter(by_source))
            by_source = {source: places for source, places in by_source.items() if source == only}
        return "; ".join(self._in_source(source, places) for source, places in by_source.items())

    def _in_source(self, source: str, places: list[str]) -> str:
        numbered: dict[str, list[str]] = {}
        for place in places:
            found = _NUMBERED.match(place)
            kind, number = (found[1] or "point", found[2]) if found else (place, "")
            numbered.setdefault(kind, []).append(number)
        said = []
        for kind, numbers in numbered.items():
            ordered = sorted(filter(None, dict.fromkeys(numbers)), key=_natural)
            said.append(f"{kind}{'s' if len(ordered) > 1 else ''} {', '.join(ordered)}".strip())
        title = self._title(source, numbered.keys())
        return ", ".join(filter(None, (title, *said))) or self._full_title(source)

    def _title(self, source: str, kinds: Iterable[str]) -> str:
        """Empty for the main source, whose places stand by themselves where a note says which it is.

        What is read first has no note: there its places stand by themselves if no other source has such ones, as only
        one may have golden rules.
        """
        alone = source == self.main_source and (
            self.full or self.source_note() is None or self._own_kinds.issuperset(kinds)
        )
        return "" if alone else self._full_title(source)

    @cached_property
    def _own_kinds(self) -> set[str]:
        """The kinds of places, other than points, that the main source has and no other: `golden rule`."""
        own: set[str] = set()
        others = {"point"}
        for citation in self._all_cited():
            found = _NUMBERED.match(citation.at or "")
            kind = found[1] or "point" if found else citation.at or ""
            (own if citation.source == self.main_source else others).add(kind)
        return {kind for kind in own - others if kind}

    @cached_property
    def main_source(self) -> str | None:
        """The source that the procedure itself is, else the one cited most (of equals, the first)."""
        cited = Counter(citation.source for citation in self._all_cited())
        own = next((s for s in cited if self._full_title(s) == self.decision.policy.title), None)
        return own or max(cited, key=cited.__getitem__, default=None)

    def source_note(self) -> str | None:
        """Says which source is meant where none is named, if that is not plain."""
        main = self.main_source
        if (
            main is None
            or len({citation.source for citation in self._all_cited()}) == 1
            or self._full_title(main) == self.decision.policy.title
        ):
            return None
        return f"Where no source is named, it is: {self._full_title(main)}."

    def _all_cited(self) -> Sequence[Citation]:
        if self.model is None:
            return list(_citations(self.decision))
        model = self.model
        tables: tuple[Mapping[str, Provision], ...] = (
            model.clauses,
            model.exceptions,
            model.duties,
            model.safeguards,
            model.advice,
        )
        return [
            Citation(cite.source, cite.at)
            for table in tables
            for provision in table.values()
            for cite in provision.cites
        ]

    def _full_title(self, source: str) -> str:
        found = self.model.sources.get(source) if self.model else None
        return found.title if found else source.replace("_", " ")


def of_no_case(model: Model) -> Voice:
    """Speaks for a policy where nothing is decided."""
    header = model.header
    policy = (
        PolicyRef(header.name, header.title, header.version, "")
        if header
        else PolicyRef(None, None, None, "")
    )
    return Voice(Stated(policy, None, date.min, Outcome.SEEK_ADVICE, None, False, Basis.SILENCE), model)


def unanswered(model: Model) -> Model:
    """A model whose facts name no other fact: in each place of their texts stands what is said where it is not answered.

    So `{consent.by} refuses` is `whoever has the say refuses`, for forms and whatever else is made before a case is.
    """
    placed = of_no_case(model).placed

    def in_words(fact: Fact) -> Fact:
        type_ = fact.type
        if isinstance(type_, OneOf | SomeOf):
            type_ = attrs.evolve(type_, labels=tuple(map(placed, type_.labels)))
        return attrs.evolve(fact, phrase=placed(fact.phrase), ask=fact.ask and placed(fact.ask), type=type_)

    return attrs.evolve(model, facts={path: in_words(fact) for path, fact in model.facts.items()})


def _whose_last(told: str) -> str:
    """`for Ann, whether they agree` as it can follow a verb: `whether they agree (Ann)`."""
    whose, whether, rest = told.partition(", whether ")
    if not (whether and whose.startswith("for ")):
        return told
    return f"whether {rest} ({whose.removeprefix('for ')})"


def _asked_of(sentence: str) -> str:
    """A sentence after `whether`: of what is not so, whether it is so."""
    positive = negate(sentence)
    return positive if " not " in f" {sentence} " and " not " not in f" {positive} " else sentence


def _drawn(whether: Sequence[str]) -> list[str]:
    """`whether it is accurate`, `whether it is needed` as `whether it is accurate and needed`."""
    return [f"whether {each}" for each in drawn_together([each.removeprefix("whether ") for each in whether])]


def _citations(decision: Findings | Stated) -> Iterable[Citation]:
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

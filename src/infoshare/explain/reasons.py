"""Says why a condition came out as it did: by the answers, and by what the policy calls them.

A named condition is said by its own phrase, not by the facts behind it. Invariant: what is said of one element
never reads as said of another. Deliberately not here: how a condition reads by itself (`conditions`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any as Anything
from typing import TypeAlias, assert_never

import attrs

from infoshare.explain.english import inside, listed, name, plural
from infoshare.explain.labels import Said
from infoshare.explain.negation import STIFF, VERBS, is_stiff, negate, plural_verb, singular_verb
from infoshare.explain.wording import Voice
from infoshare.meaning.case import Case, element_key, key_of, path_of
from infoshare.meaning.findings import ClauseFinding, Hold, Strength
from infoshare.meaning.model import (
    SIDES,
    All,
    Among,
    Any,
    Atomic,
    Compare,
    Condition,
    Counted,
    Defined,
    Fact,
    FactTerm,
    Meets,
    Model,
    Not,
    Provision,
    Quantified,
    Ticked,
    terms,
)
from infoshare.meaning.types import Answer, PlainAnswer, Reference, plain
from infoshare.meaning.world import NOWHERE, Here, World
from infoshare.truth import Truth


def because(voice: Voice, finding: ClauseFinding, *, quiet: bool = False) -> list[Said]:
    """Says why a clause or exception holds; with `quiet`, briefly and without what was only assumed."""
    provision = voice.provision(finding.clause)
    if voice.model is None or provision is None:
        return []
    parts = ((provision.when, True), (provision.unless, False))
    here = _spoken_of(voice, finding, provision)
    return _Teller(voice, known(voice, finding.facts, here), quiet).all(parts, here)


def _spoken_of(voice: Voice, finding: ClauseFinding, provision: Provision) -> Here:
    """The elements of which a finding of a clause for each of a list speaks."""
    here: dict[str, str] = {}
    rows = finding.rows or [(row.item, row.recipient) for row in voice.decision.disclosures[:1]]
    for group in provision.scope:
        named = {
            name for path in finding.facts if path.startswith(f"{group}[") for name in [voice.fact(path)[1]]
        }
        in_row = dict(zip(SIDES, rows[0], strict=False)).get(group) if rows else None
        element = named.pop() if len(named) == 1 else in_row
        if element is not None:
            here[group] = element
    return here


def by_duty_first(
    clauses: tuple[ClauseFinding, ...], relaxed: Collection[str] = ()
) -> tuple[ClauseFinding, ...]:
    """Sorts legal duties before what should be done, and that before what is only allowed.

    Args:
        relaxed: the names of those that no longer say that it must or should be done.
    """

    def strength(clause: ClauseFinding) -> int:
        return _BY_STRENGTH["may" if clause.clause in relaxed else strength_of(clause)]

    return tuple(sorted(clauses, key=strength))


_BY_STRENGTH = {"must": 0, "should": 1, "may": 2}


def strength_of(clause: ClauseFinding) -> Strength:
    """Whether a clause says must, or should."""
    effect = clause.effect or ""
    return "must" if effect.startswith("must ") else "should" if effect.startswith("should ") else "may"


def outcome_of(clause: ClauseFinding) -> str:
    """What a clause concludes, as the language spells it."""
    return (clause.effect or "").removeprefix("must ").removeprefix("should ")


def statements(
    voice: Voice, clauses: Iterable[ClauseFinding], *, named: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """`the child is likely to suffer significant harm, and a child's safety comes first (points 1, 3)`.

    Args:
        named: the elements that the sentence has named already.
    """
    by_clause: dict[str, tuple[ClauseFinding, list[Said]]] = {}
    for clause in clauses:
        by_clause.setdefault(clause.clause, (clause, []))[1].extend(because(voice, clause, quiet=True))
    by_facts: dict[str, list[ClauseFinding]] = {}
    for clause, said in by_clause.values():
        facts = together(said, named=named if _all_of_those(said, named) else ())
        by_facts.setdefault(facts, []).append(clause)
    told = []
    for facts, found in by_facts.items():
        joined = "; ".join(f"{inside(c.statement)}{voice.points(c.cites, first=True)}" for c in found)
        open_ended = is_open_ended(facts)
        short = min(len(facts.split()), len(joined.split())) <= _BRIEF
        if not facts or facts in joined or (open_ended and not voice.full and not short):
            told.append(joined)
        else:  # nothing may follow what could be taken to reach into it
            told.append(f"{joined}: {facts}" if open_ended else f"{facts}, and {joined}")
    return told


_BRIEF = 12
"""Of how many words at most a statement needs the facts beside it, and facts are said after any, where they are read first."""


def held_because(voice: Voice, hold: Hold, here: Here) -> list[Said]:
    """Says why a safeguard holds a row back."""
    safeguard = voice.model.safeguards.get(hold.safeguard) if voice.model else None
    if safeguard is None:
        return []
    parts = ((safeguard.require, False), (safeguard.when, True), (safeguard.unless, False))
    return _Teller(voice, known(voice, hold.facts, here)).all(parts, here)


def together(said: Sequence[Said], *, named: Sequence[tuple[str, str]] = ()) -> str:
    """Joins reasons to one part of a sentence, those about one element together.

    Args:
        named: the elements that the sentence has named already.
    """
    by_who: dict[str, list[str]] = {}
    for each in said:
        who = "" if each.element is None or each.element in named else name(each.element[1])
        by_who.setdefault(who, []).append(each.sentence)
    whose: dict[str, list[str]] = {}
    for who, sentences in by_who.items():
        whose.setdefault(_joined(list(dict.fromkeys(sentences))), []).append(who)
    general = [text for text, who in whose.items() if "" in who]
    # what is said of an element comes last, so that nothing after it reads as said of that element too
    of_each = [_of_whom([each for each in who if each], text) for text, who in whose.items() if any(who)]
    told = [*general, *of_each]
    return "; ".join(told) if any(map(is_open_ended, told)) else listed(told)


def _of_whom(who: Sequence[str], text: str) -> str:
    """`Ann is suspected`; `for Ann: …` where that would not be plain of a sentence, or of more than one."""
    subject, _, rest = text.partition(" ")
    verb, _, after = rest.partition(" ")
    several = len(who) > 1 or plural(who[0])
    more = after.split()[2:] if verb == "do" and after.startswith("not ") else after.split()
    if subject not in ("they", "it") or is_open_ended(text) or "," in text or VERBS.intersection(more):
        return f"for {listed(who)}: {text}"
    if subject == "they":
        verb = verb if several else singular_verb(verb)
    elif several:
        verb = plural_verb(verb)
    return " ".join(filter(None, [listed(who), verb, after]))


def _all_of_those(said: Sequence[Said], named: Sequence[tuple[str, str]]) -> bool:
    """Whether the same is said of each that was just named, so that it need not be said again whose it is."""
    of_each: dict[tuple[str, str], set[str]] = {}
    for each in said:
        if each.element is not None:
            of_each.setdefault(each.element, set()).add(each.sentence)
    groups = {group for group, _ in of_each}
    whole = len(groups) == 1 and of_each.keys() == {each for each in named if each[0] in groups}
    return whole and len({frozenset(sentences) for sentences in of_each.values()}) == 1


def is_open_ended(text: str) -> bool:
    """Whether what would follow it in a sentence could be taken as part of it."""
    return STIFF in text or ": " in text or ";" in text


def _joined(sentences: Sequence[str]) -> str:
    """Sentences as one; those that are denied whole come last, as they deny all that follows."""
    denied = [sentence for sentence in sentences if is_stiff(sentence)]
    parts = [sentence for sentence in sentences if not is_stiff(sentence)]
    if denied:
        parts.append(", nor that ".join([denied[0], *(negate(each) for each in denied[1:])]))
    return listed(parts)


# --- what a decision tells of its case -----------------------------------------------------------


class Known:
    """Evaluates conditions by some answers alone, part by part; everything else is unknown.

    Args:
        answers: by key.
        lists: the elements of each list of which something is known.
    """

    def __init__(
        self, model: Model, day: date, answers: Mapping[str, Answer], lists: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.model, self.day, self.answers, self.lists = model, day, answers, lists
        self._world = World(model, Case(elements=lists), day, answers)
        self._defines: dict[tuple[str, str | None], Truth] = {}

    def truth(self, condition: Condition | None, here: Here = NOWHERE) -> Truth:
        """Yes or no where the answers alone make it so, part by part; else unknown."""
        match condition:
            case None:
                return Truth.YES
            case Not(item):
                return _NOT[self.truth(item, here)]
            case All(items):
                return min((self.truth(item, here) for item in items), key=_rank, default=Truth.YES)
            case Any(items):
                return max((self.truth(item, here) for item in items), key=_rank, default=Truth.NO)
            case Quantified() | Counted():
                names = self.spoken_of(condition, here)
                if names is None:
                    return Truth.UNKNOWN
                if not names and is_of_one(condition):
                    return Truth.NO
                found = [self.truth(condition.condition, {**here, condition.bound: name}) for name in names]
                return _of_each(condition, found)
            case Defined(define):
                inside = self.inside(define, here)
                name = define, next(iter(inside.values()), None)
                if name not in self._defines:
                    self._defines[name] = self.truth(self.model.defines[define].condition, inside)
                return self._defines[name]
            case Among() | Ticked() | Compare() | Meets():
                where, diagrams = self._world.truth(condition, here), self._world.diagrams
                return (
                    Truth.YES
                    if where is diagrams.yes
                    else Truth.NO
                    if where is diagrams.no
                    else Truth.UNKNOWN
                )
            case _:
                assert_never(condition)

    def inside(self, define: str, here: Here) -> Here:
        """What a named condition speaks of: the element in hand, where it is one for each."""
        group = self.model.defines[define].for_each
        return {group: here[group]} if group is not None and group in here else NOWHERE

    def spoken_of(self, condition: Quantified | Counted, here: Here) -> tuple[str, ...] | None:
        """The names of those of whom a condition speaks; None where it is not known who they are."""
        if condition.within is None:
            return self.lists.get(condition.group)
        answer = self.answers.get(key_of(condition.within.fact, here) or "")
        return tuple(sorted(answer)) if isinstance(answer, frozenset) else None

    def holds(self, provision: Provision, here: Here = NOWHERE) -> Truth:
        """Whether a provision holds: it is in force, its `when` is yes and its `unless` is no."""
        if not self.model.in_force(provision, self.day):
            return Truth.NO
        spared = Truth.YES if provision.unless is None else _NOT[self.truth(provision.unless, here)]
        return min(self.truth(provision.when, here), spared, key=_rank)

    def asked(self, condition: Atomic | Quantified | Counted, here: Here) -> list[str]:
        """The keys of the answers that a condition itself asks for."""
        asked = [term for term in terms(condition) if isinstance(term, FactTerm)]
        keys = dict.fromkeys(
            _key_of(term, here) for term in asked if term.fact.name != "name" or not term.fact.each
        )
        return [key for key in keys if key is not None and key in self.answers]


def _key_of(term: FactTerm, here: Here) -> str | None:
    """The key of a term's fact: of the element in hand of its group, or of the one that it says."""
    if term.hand is None or term.hand not in here:
        return key_of(term.fact, here)
    return element_key(term.fact.group, here[term.hand], term.fact.name)


def is_of_one(condition: Quantified | Counted) -> bool:
    """Whether it speaks of the one whom a reference names: of none of them it is no, whatever it asks."""
    type_ = condition.within.fact.type if condition.within else None
    return isinstance(type_, Reference) and not type_.many


def _of_each(condition: Quantified | Counted, found: Sequence[Truth]) -> Truth:
    match condition:
        case Quantified("every"):
            return min(found, key=_rank, default=Truth.YES)
        case Quantified(kind):
            some = max(found, key=_rank, default=Truth.NO)
            return some if kind == "any" else _NOT[some]
        case Counted(op, number):
            least, most = found.count(Truth.YES), len(found) - found.count(Truth.NO)
            always = {">=": least >= number, "<=": most <= number, "=": least == most == number}[op]
            never = {">=": most < number, "<=": least > number, "=": not least <= number <= most}[op]
            return Truth.YES if always else Truth.NO if never else Truth.UNKNOWN


_NOT = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}


def _rank(truth: Truth) -> int:
    return truth.value


def known(voice: Voice, told: Mapping[str, Anything], here: Here = NOWHERE) -> Known:
    """Reads answers, as JSON holds them, into what is known."""
    assert voice.model is not None  # noqa: S101 - asked for only where there is one
    answers: dict[str, Answer] = {}
    lists: dict[str, dict[str, None]] = {group: {element: None} for group, element in here.items()}
    for path, answer in told.items():
        fact, element = voice.fact(path)
        if fact is not None and answer is not None:
            answers[path] = _typed(answer, fact)
            if element is not None:
                lists.setdefault(fact.group, {})[element] = None
        elif fact is None and isinstance(answer, (list, tuple)):
            lists.setdefault(path, {}).update(dict.fromkeys(answer))
    answers |= {element_key(group, each, "name"): each for group, names in lists.items() for each in names}
    day = voice.decision.as_of
    return Known(voice.model, day, answers, {group: tuple(names) for group, names in lists.items()})


def _typed(answer: Anything, fact: Fact) -> Answer:
    return fact.type.of_plain(answer)


# --- reasons ------------------------------------------------------------------------------------

_Reason: TypeAlias = tuple[Said, frozenset[str]]
"""What is said, and the answers that it rests on."""


@attrs.frozen
class _Teller:
    voice: Voice
    known: Known
    quiet: bool = False

    def all(self, parts: Sequence[tuple[Condition | None, bool]], here: Here) -> list[Said]:
        """What makes each of these yes, or no, as wanted."""
        found = [
            reason for condition, wanted in parts if condition for reason in self._of(condition, here, wanted)
        ]
        return list(
            dict.fromkeys(said for said, keys in found if not (self.quiet and keys <= self.voice.assumed))
        )

    def _of(self, condition: Condition, here: Here, wanted: bool) -> list[_Reason]:
        """Nothing where what is known does not make it so."""
        match condition:
            case Not(item):
                return self._of(item, here, not wanted)
            case All(items):
                return self._of_parts([(item, here) for item in items], wanted, every=wanted)
            case Any(items):
                return self._of_parts([(item, here) for item in items], wanted, every=not wanted)
            case Quantified() | Counted():
                return self._of_elements(condition, here, wanted)
            case Defined(define):
                if not self._is(condition, here, wanted):
                    return []
                inside = self.known.inside(define, here)
                behind = self._of(self.known.model.defines[define].condition, inside, wanted)
                return [
                    (
                        self._named(define, behind, wanted, next(iter(inside.items()), None)),
                        frozenset[str]().union(*(keys for _, keys in behind)),
                    )
                ]
            case Among() | Ticked() | Compare() | Meets():
                return self._asked(condition, here) if self._is(condition, here, wanted) else []
            case _:
                assert_never(condition)

    def _asked(self, condition: Atomic | Quantified | Counted, here: Here) -> list[_Reason]:
        """The answers that a condition itself asks for."""
        keys = self.known.asked(condition, here)
        return [(self.voice.said(key, self._plain(key)), frozenset([key])) for key in keys]

    def _of_elements(self, condition: Quantified | Counted, here: Here, wanted: bool) -> list[_Reason]:
        """Whom a reference names, where it is of those, and what is said of each that makes it so."""
        named = self._asked(condition, here) if self._is(condition, here, wanted) else []
        names = self.known.spoken_of(condition, here) or ()
        parts = [(condition.condition, {**here, condition.bound: each}) for each in names]
        match condition:
            case Quantified(kind):
                # `no` is the `not` of `any`
                of_each = wanted if kind != "no" else not wanted
                return [*named, *self._of_parts(parts, of_each, every=of_each is (kind == "every"))]
            case Counted(op) if self._is(condition, here, wanted):
                sides = (True, False) if op == "=" else (wanted is (op == ">="),)
                told = [each for side in sides for each in self._of_parts(parts, side, every=True)]
                return [*named, *told]
            case _:
                return []

    def _named(
        self, define: str, behind: Sequence[_Reason], wanted: bool, element: tuple[str, str] | None
    ) -> Said:
        """A named condition by its phrase; where all is told, with the answer that makes it so if it is one alone."""
        phrase = self.voice.phrase_of(define)
        said = phrase if wanted else negate(phrase)
        alone = behind[0][0] if self.voice.full and not self.quiet and len(behind) == 1 else None
        told = said if alone is None else alone.sentence if alone.element == element else str(alone)
        # an answer that was said of a named condition within is said for both
        why = "" if told == said or is_stiff(said) or ", as " in told else f", as {told}"
        return Said(element, f"{said}{why}")

    def _of_parts(
        self, parts: Sequence[tuple[Condition, Here]], wanted: bool, *, every: bool
    ) -> list[_Reason]:
        """Every part where all are needed, else the one that is quickest said."""
        told = [self._of(part, here, wanted) for part, here in parts if self._is(part, here, wanted)]
        if every:
            return list(chain.from_iterable(told))
        return min(filter(None, told), key=self._length, default=[])

    def _length(self, reasons: Sequence[_Reason]) -> tuple[bool, int]:
        """What somebody answered comes before what was assumed."""
        return all(keys <= self.voice.assumed for _, keys in reasons), len(reasons)

    def _is(self, condition: Condition, here: Here, wanted: bool) -> bool:
        return self.known.truth(condition, here) is (Truth.YES if wanted else Truth.NO)

    def _plain(self, key: str) -> PlainAnswer:
        return plain(self.known.answers[key], self.known.model.facts[path_of(key)].type)

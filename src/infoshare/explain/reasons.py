"""Says why a condition came out as it did: by the answers, and by what the policy calls them.

A named condition is said by its own phrase, not by the facts behind it. Invariant: what is said of one element
never reads as said of another. Deliberately not here: how a condition reads by itself (`conditions`).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any as Anything
from typing import assert_never

import attrs

from infoshare.explain.english import listed, name
from infoshare.explain.negation import STIFF, is_stiff, negate
from infoshare.explain.wording import Said, Voice
from infoshare.meaning.case import Case, element_key
from infoshare.meaning.findings import ClauseFinding, Hold
from infoshare.meaning.model import (
    All,
    Among,
    Any,
    Compare,
    Condition,
    Defined,
    Fact,
    Not,
    Quantified,
    Ticked,
)
from infoshare.meaning.reasons import why
from infoshare.meaning.types import Answer, Date, Number, OneOf, SomeOf, Text, YesNo
from infoshare.meaning.world import NOWHERE, Here, World


def because(voice: Voice, finding: ClauseFinding, *, quiet: bool = False) -> list[Said]:
    """Why a clause or exception holds; with `quiet`, nothing that was only assumed."""
    provision = voice.provision(finding.clause)
    if voice.model is None or provision is None:
        return []
    tell = _Teller(voice, world(voice, finding.facts), quiet)
    return tell.all(((provision.when, True), (provision.unless, False)), NOWHERE)


def held_because(voice: Voice, hold: Hold, here: Here) -> list[Said]:
    """Why a safeguard holds a row back."""
    safeguard = voice.model.safeguards.get(hold.safeguard) if voice.model else None
    if safeguard is None:
        return []
    tell = _Teller(voice, world(voice, hold.facts, here), quiet=False)
    parts = ((safeguard.require, False), (safeguard.when, True), (safeguard.unless, False))
    return tell.all(parts, here)


def together(said: Sequence[Said], *, named: Sequence[tuple[str, str]] = ()) -> str:
    """Several reasons as one part of a sentence, those of one element together.

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
    of_each = [f"for {listed(filter(None, who))}: {text}" for text, who in whose.items() if any(who)]
    return "; ".join([*general, *of_each])


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


# --- the world of what a decision tells ------------------------------------------------------------


def world(voice: Voice, told: Mapping[str, Anything], here: Here = NOWHERE) -> World:
    """What these answers, as JSON holds them, make of every condition; everything else is left open."""
    assert voice.model is not None  # noqa: S101 - asked for only where there is one
    known: dict[str, Answer] = {}
    elements: dict[str, dict[str, None]] = {group: {element: None} for group, element in here.items()}
    for path, answer in told.items():
        fact, element = voice.fact(path)
        if fact is not None and answer is not None:
            known[path] = _typed(answer, fact)
            if element is not None:
                elements.setdefault(fact.group, {})[element] = None
        elif fact is None and isinstance(answer, (list, tuple)):
            elements.setdefault(path, {}).update(dict.fromkeys(answer))
    known |= {element_key(group, each, "name"): each for group, names in elements.items() for each in names}
    case = Case(elements={group: tuple(names) for group, names in elements.items()})
    return World(voice.model, case, voice.decision.as_of, known)


def _typed(answer: Anything, fact: Fact) -> Answer:
    match fact.type:
        case Date():
            return date.fromisoformat(answer)
        case SomeOf():
            return frozenset(answer) if isinstance(answer, (list, tuple)) else frozenset([answer])
        case YesNo() | OneOf() | Number() | Text():
            return answer  # type: ignore[no-any-return]
        case _:
            assert_never(fact.type)


@attrs.frozen
class _Teller:
    voice: Voice
    world: World
    quiet: bool
    within: bool = False

    def all(self, parts: Sequence[tuple[Condition | None, bool]], here: Here) -> list[Said]:
        found = (
            said for condition, wanted in parts if condition for said in self.of(condition, here, wanted)
        )
        return list(dict.fromkeys(found))

    def of(self, condition: Condition, here: Here, wanted: bool) -> Iterator[Said]:
        """What makes a condition yes (or no, as wanted); nothing where what is known does not."""
        match condition:
            case Not(item):
                yield from self.of(item, here, not wanted)
            case All(items):
                yield from self._of_parts([(item, here) for item in items], wanted, every=wanted)
            case Any(items):
                yield from self._of_parts([(item, here) for item in items], wanted, every=not wanted)
            case Quantified(kind, group, inner):
                names = self.world.case.elements.get(group, ())
                parts = [(inner, {**here, group: each}) for each in names]
                # `no` is the `not` of `any`
                wanted_of_each = wanted if kind != "no" else not wanted
                yield from self._of_parts(parts, wanted_of_each, every=wanted_of_each is (kind == "every"))
            case Defined(name_):
                if self._is(condition, here, wanted) and self._speaks(condition, here):
                    phrase = self.voice.phrase_of(name_)
                    said = phrase if wanted else negate(phrase)
                    yield Said(None, f"{said}{self._answer_behind(name_, said, wanted)}")
            case Among() | Ticked() | Compare():
                if self._is(condition, here, wanted) and self._speaks(condition, here):
                    for key, answer in why(self.world, condition, here).items():
                        yield self.voice.said(key, answer)
            case _:
                assert_never(condition)

    def _answer_behind(self, define: str, said: str, wanted: bool) -> str:
        """The answer that makes a named condition what it is, where all is told and it is one alone."""
        if not self.voice.full or self.within:
            return ""
        behind = list(
            attrs.evolve(self, within=True).of(self.world.model.defines[define].condition, NOWHERE, wanted)
        )
        one = len(behind) == 1 and str(behind[0]) != said and not is_stiff(said)
        return f", as {behind[0]}" if one else ""

    def _of_parts(
        self, parts: Sequence[tuple[Condition, Here]], wanted: bool, *, every: bool
    ) -> Iterator[Said]:
        """Every part where all are needed, else the one that is quickest said."""
        told = (list(self.of(part, here, wanted)) for part, here in parts if self._is(part, here, wanted))
        if every:
            yield from chain.from_iterable(told)
        else:
            yield from min(filter(None, told), key=len, default=[])

    def _is(self, condition: Condition, here: Here, wanted: bool) -> bool:
        return self.world.truth(condition, here) is self.world.diagrams.of(wanted)

    def _speaks(self, condition: Condition, here: Here) -> bool:
        """Whether it rests on more than was assumed, where only that is to be said."""
        return not self.quiet or any(
            key not in self.voice.assumed for key in why(self.world, condition, here)
        )

"""Says what goes to whom, what is held back and how to mend it, and what is not settled.

Invariants: every row of the table is spoken of; nothing open reads as released; who must not receive something is
named as whom not to give it; a reason names whose it is where that is not the one just named.
Deliberately not here: the answer itself (`letter`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import attrs

from infoshare.explain.english import inside, listed, name, some
from infoshare.explain.reasons import held_because, together
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import Disclosure, Hold
from infoshare.meaning.model import SIDES
from infoshare.outcome import Outcome

_NAMED = 4
"""How many recipients are named beside the answer."""
_LONG = 24
"""How many words there are at most to why something is held back, where only what mends it is said otherwise."""
_FEW = 1
"""How many conditions are read first, beside how many more there are."""
Row: TypeAlias = tuple[str | None, str | None]
Names: TypeAlias = tuple[str | None, ...]


def recipients(voice: Voice) -> str:
    """` with Children's Social Care`: everybody to whom something may go; nothing where none is named."""
    return _with(row for row in voice.decision.disclosures if row.release is True)


def everybody(voice: Voice) -> str:
    """` with Children's Social Care`: everybody who is listed, whether or not anything may go."""
    return _with(voice.decision.disclosures)


def _with(rows: Iterable[Disclosure]) -> str:
    named = list(dict.fromkeys(row.recipient for row in rows if row.recipient is not None))
    if len(named) > _NAMED:
        return f" with the {len(named)} recipients named below"
    return f" with {listed(map(name, named))}" if named else ""


def reason(voice: Voice, named: Row, found: Sequence[tuple[Row, Hold]], *, yet: bool) -> str:
    """` (not up to date: bring it up to date first; point 5)`: why some rows are held back, or are not settled.

    Args:
        named: the item and the recipient that the sentence has named, where it is one.
        yet: whether it is not settled.
    """
    return _Kept(voice, {}, "", " yet" if yet else "").reason(named, found)


def lines(voice: Voice) -> Iterator[str]:
    """`Share: …`, `Hold back: …`, `Do not give Grandmother anything: …`, each only where it says something."""
    if voice.by_row and voice.decision.outcome is not Outcome.SHARE:
        return
    rows = voice.decision.disclosures
    released = [row for row in rows if row.release is True]
    if released and (len(released) < len(rows) or any(row.item is not None for row in rows)):
        told = _shared(released)
        # where nothing is listed but whom it may go to, the answer has named them
        if told and (len({row.recipient for row in released}) > _NAMED or any(row.item for row in rows)):
            yield f"Share: {told}."
    held = {(row.item, row.recipient): row.held_by for row in rows if row.release is False}
    waiting = {(row.item, row.recipient): row.open_by for row in rows if row.release is None}
    yield from _Kept(voice, held, "Hold back", "").lines()
    yield from _Kept(voice, waiting, "Not yet", " yet").lines()


def conditions(voice: Voice) -> Iterator[str]:
    """Names the safeguards to keep where the case lists nothing to try them on."""
    if not voice.full and voice.decision.safeguards:
        # the procedure's own come first
        own = sorted(
            voice.decision.safeguards, key=lambda kept: all(c.source != voice.main_source for c in kept.cites)
        )
        told = some([inside(kept.statement) for kept in own], _FEW)
        yield f"Make sure: {'; '.join(told)} (list what goes to whom)."
        return
    by_place: dict[str, list[str]] = {}
    for kept in voice.decision.safeguards:
        by_place.setdefault(voice.points(kept.cites), []).append(inside(kept.statement))
    if by_place:
        yield "Make sure: " + "; ".join("; ".join(told) + points for points, told in by_place.items()) + "."


def _shared(released: list[Disclosure]) -> str:
    by_recipient: dict[str | None, list[str | None]] = {}
    for row in released:
        by_recipient.setdefault(row.recipient, []).append(row.item)
    takers: dict[tuple[str | None, ...], list[str | None]] = {}
    for recipient, items in by_recipient.items():
        takers.setdefault(tuple(items), []).append(recipient)
    told = []
    for taken, who in takers.items():
        things = listed(name(item) for item in taken if item is not None)
        people = listed(name(recipient) for recipient in who if recipient is not None)
        if len(takers) > 1 or (not things and people) or len(who) > 4:
            told.append(" ".join(part for part in (things, f"with {people}" if people else "") if part))
        elif things:
            told.append(things)
    return "; ".join(told)


@attrs.frozen
class _Kept:
    """Says what is held back, or not settled, each reason once, beside the name of what or whom it is about.

    Attributes:
        holds: for each row, the safeguards that hold it back, or may.
        head: what stands before things that nobody is to receive.
        yet: what stands after what somebody is not to be given.
    """

    voice: Voice
    holds: Mapping[Row, tuple[Hold, ...]]
    head: str
    yet: str

    def lines(self) -> Iterator[str]:
        """Yields what nobody is to receive; then, for each person, what not to give them."""
        found: dict[Row, list[tuple[Row, Hold]]] = {}
        for row, holds in self.holds.items():
            for hold in holds:
                found.setdefault(self._named(row, hold), []).append((row, hold))
            if not holds:
                found.setdefault(row, [])
        for row in [row for row in found if row[1] and (row[0], None) in found]:
            found[row[0], None] += found.pop(row)  # what nobody is to receive is said once
        for_nobody: dict[str, list[str]] = {}
        to_each: dict[tuple[str, str], list[str]] = {}
        for (item, person), each in found.items():
            why = self.reason((item, person), each)
            if person is None:
                for_nobody.setdefault(why, []).append("everything" if item is None else name(item))
            else:
                things = to_each.setdefault((name(person), why), [])
                things.append("anything" if item is None else name(item))
        if for_nobody:
            yield f"{self.head}: {'; '.join(listed(what) + why for why, what in for_nobody.items())}."
        to_all: dict[tuple[str, str], list[str]] = {}
        for (whom, why), things in to_each.items():
            to_all.setdefault((listed(things), why), []).append(whom)
        for (what, why), people in to_all.items():
            do_not = "Apart from that, do not" if self.voice.at_once else "Do not"
            yield f"{do_not} give {listed(people)} {what}{self.yet}{why}."

    def _named(self, row: Row, hold: Hold) -> Row:
        """Chooses which sides of a row to name: one is enough where all that the other side lists is held back."""
        item, person = row
        about = {path.partition("[")[0] for path in (*hold.facts, *hold.waiting_for) if "[" in path}
        if (
            person is not None
            and (item is None or about == {"recipient"})
            and self._all(hold, recipient=person)
        ):
            return None, person
        if item is not None and (person is None or "recipient" not in about) and self._all(hold, item=item):
            return item, None
        return row

    def _all(self, hold: Hold, *, item: str | None = None, recipient: str | None = None) -> bool:
        """Whether it holds back every row of an item, or of a recipient."""
        return self._held[item, recipient, hold.safeguard] == self._listed[item, recipient]

    @cached_property
    def _listed(self) -> Counter[Row]:
        """Counts the rows of each item and of each recipient."""
        rows = self.voice.decision.disclosures
        return Counter(side for row in rows for side in ((row.item, None), (None, row.recipient)))

    @cached_property
    def _held(self) -> Counter[tuple[str | None, str | None, str]]:
        """Counts the rows of each item, and of each recipient, that each safeguard holds back."""
        return Counter(
            (*side, hold.safeguard)
            for row in self.voice.decision.disclosures
            for hold in (row.open_by if self.yet else row.held_by)
            for side in ((row.item, None), (None, row.recipient))
        )

    def reason(self, named: Row, found: Sequence[tuple[Row, Hold]]) -> str:
        """` (not up to date: bring it up to date first; point 5)`."""
        own = [(group, each) for group, each in zip(SIDES, named, strict=True) if each is not None]
        reasons: dict[str, None] = {}
        if self.yet:
            waiting = list(dict.fromkeys(path for _, hold in found for path in hold.waiting_for))
            if waiting:
                reasons[self._cited(self.voice.waits(waiting, named=own), [hold for _, hold in found])] = None
        else:
            for row, hold in found:
                here = {group: each for group, each in zip(SIDES, row, strict=True) if each is not None}
                why = held_because(self.voice, hold, here)
                # whose it is need not be said where it is all of what was just named
                whose = {each.element for each in why} - {None}
                said = together(why, named=own if len(whose) == 1 else ())
                reason = re.sub(r"^(it is|they are) (?!so that)", "", said)
                reason = reason if self.voice.full or len(reason.split()) <= _LONG else ""
                remedy = inside(hold.remedy)
                reasons[self._cited(f"{reason}: {remedy}" if reason else remedy, [hold])] = None
        return f" ({'; also '.join(reasons)})" if reasons else ""

    def _cited(self, reason: str, holds: Sequence[Hold]) -> str:
        places = self.voice.places(*(hold.cites for hold in holds)) if self.voice.full else ""
        return f"{reason}; {places}" if places else reason


# --- which of them ------------------------------------------------------------------------------


def rectangles(rows: Iterable[Disclosure]) -> list[tuple[Names, Names]]:
    """Rows as few pairs of items and recipients, each item for each recipient."""
    of_each: dict[str | None, list[str | None]] = {}
    for row in rows:
        of_each.setdefault(row.recipient, []).append(row.item)
    takers: dict[Names, list[str | None]] = {}
    for person, items in of_each.items():
        takers.setdefault(tuple(items), []).append(person)
    return [(items, tuple(people)) for items, people in takers.items()]


def side_of(voice: Voice, names: Names, side: int, all_of_them: str) -> str:
    """The names of one side; `all_of_them` where they are all that the case lists, of several."""
    if len(names) > 1 and len(names) == len(voice.sides[side]):
        return all_of_them
    return listed(name(each) for each in names if each is not None)


def going(voice: Voice, rows: Iterable[Disclosure]) -> str:
    """`GP letter with the school; notes with the police`."""
    told = []
    for items, people in rectangles(rows):
        things = side_of(voice, items, 0, "everything") or "this"
        who = side_of(voice, people, 1, "everybody")
        told.append(f"{things}{f' with {who}' if who else ''}")
    return "; ".join(told)


def of(voice: Voice, pairs: Sequence[Sequence[str | None]]) -> str:
    """`GP letter with the school; the police`: some rows, in brackets; empty where they are all there are."""
    asked = {tuple(pair) for pair in pairs}
    rows = [row for row in voice.decision.disclosures if (row.item, row.recipient) in asked]
    if not rows or len(rows) == len(voice.decision.disclosures):
        return ""
    told = []
    for items, people in rectangles(rows):
        who = side_of(voice, people, 1, "")
        things = side_of(voice, items, 0, "" if who else "everything")
        told.append(" with ".join(filter(None, (things, who))))
    return "; ".join(filter(None, told))

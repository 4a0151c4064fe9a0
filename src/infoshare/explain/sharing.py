"""Says what goes to whom, what is held back and how to mend it, and what is not settled.

Invariant: every row of the table is spoken of, and nothing open reads as released.
Deliberately not here: the answer itself (`letter`).
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from infoshare.explain.english import inside, listed, name
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import Disclosure, Hold

Row: TypeAlias = tuple[str | None, str | None]


def recipients(voice: Voice) -> str:
    """` with Children's Social Care`: everybody to whom something may go; nothing where none is named."""
    rows = voice.decision.disclosures
    going = list(dict.fromkeys(r.recipient for r in rows if r.release is True and r.recipient is not None))
    if len(going) > 4:
        return f" with the {len(going)} recipients named below"
    return f" with {listed(map(name, going))}" if going else ""


def line(voice: Voice) -> Iterator[str]:
    """`Share: … Hold back: … Not yet: …`, each only where it says something."""
    rows = voice.decision.disclosures
    released = [row for row in rows if row.release is True]
    parts = []
    if released and (len(released) < len(rows) or any(row.item is not None for row in rows)):
        told = _shared(released)
        if told:
            parts.append(f"Share: {told}.")
    if held := _reasons(
        voice, [r for r in rows if r.release is False], lambda row: row.held_by, _held_because
    ):
        parts.append(f"Hold back: {held}.")
    if waiting := _reasons(
        voice, [r for r in rows if r.release is None], lambda row: row.open_by, _open_because
    ):
        parts.append(f"Not yet: {waiting}.")
    if parts:
        yield " ".join(parts)


def conditions(voice: Voice) -> Iterator[str]:
    """The safeguards to keep where the case lists nothing that they could be tried on."""
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


def _reasons(
    voice: Voice,
    rows: list[Disclosure],
    holds: Callable[[Disclosure], tuple[Hold, ...]],
    because: Callable[[Voice, Hold], str],
) -> str:
    """Each thing once, with every reason; things with the same reasons together."""
    by_reason: dict[str, list[Row]] = {}
    for row in rows:
        for hold in holds(row) or (None,):
            reason = because(voice, hold) if hold else ""
            by_reason.setdefault(reason, []).append((row.item, row.recipient))
    reasons: dict[str, list[str]] = {}
    for reason, found in by_reason.items():
        for what in _things(voice, found):
            reasons.setdefault(what, []).append(reason)
    things: dict[tuple[str, ...], list[str]] = {}
    for what, why in reasons.items():
        things.setdefault(tuple(filter(None, why)), []).append(what)
    return "; ".join(
        listed(what) + (f" ({'; also '.join(why)})" if why else "") for why, what in things.items()
    )


def _things(voice: Voice, rows: list[Row]) -> Iterator[str]:
    """Rows in words: an item for everybody by its name, a recipient who gets nothing by theirs."""
    items = dict.fromkeys(row.item for row in voice.decision.disclosures)
    people = dict.fromkeys(row.recipient for row in voice.decision.disclosures)
    left = dict.fromkeys(rows)
    for item in items:
        if item is not None and all((item, person) in left for person in people):
            yield name(item)
            left = {row: None for row in left if row[0] != item}
    for person in people:
        if person is not None and left and all((item, person) in dict.fromkeys(rows) for item in items):
            if any(row[1] == person for row in left):
                yield f"everything from {name(person)}"
            left = {row: None for row in left if row[1] != person}
    for item, person in left:
        what = "everything" if item is None else name(item)
        yield what if person is None else f"{what} from {name(person)}"


def _held_because(voice: Voice, hold: Hold) -> str:
    reason = re.sub(r"^(it is|they are) (?!so that)", "", voice.facts(hold.facts, quiet=False, about=False))
    remedy = inside(hold.remedy)
    return _cited(voice, f"{reason}: {remedy}" if reason else remedy, hold)


def _open_because(voice: Voice, hold: Hold) -> str:
    return _cited(voice, voice.waits(hold.waiting_for, about=False), hold)


def _cited(voice: Voice, reason: str, hold: Hold) -> str:
    places = voice.places(hold.cites)
    return f"{reason}; {places}" if places else reason

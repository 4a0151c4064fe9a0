"""Says what goes to whom where the answer is not the same for everything and everybody: a line for all rows that
have the same answer for the same reason.

Invariants: what goes nowhere comes first; every row is spoken of; a reason says whose it is where that is not the one
just named; what is settled of a row is said whatever else is open. Deliberately not here: what holds a row back
(`sharing`), and the questions about it (`questions`).
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

import attrs

from infoshare.explain import sharing
from infoshare.explain.english import inside, listed, name, some
from infoshare.explain.questions import call
from infoshare.explain.reasons import by_duty_first, outcome_of, statements, strength_of
from infoshare.explain.wording import Voice
from infoshare.meaning.findings import AskConsent, ClauseFinding, Disclosure, Hold, Strength
from infoshare.meaning.model import SIDES
from infoshare.outcome import Basis, Outcome

UNLESS = "unless there is a reason, which you then record"
"""How something that should be done is followed."""
_BRIEF = 12
"""How many words there are at most to why something is held back, where only what mends it is said otherwise."""
_MOST = 3
"""How many reasons are told of one group of rows."""
_ORDER = (Outcome.WITHHOLD, Outcome.SEEK_ADVICE, Outcome.SEEK_CONSENT, Outcome.SHARE)


# --- of the whole -------------------------------------------------------------------------------


def differ(voice: Voice) -> bool:
    """Whether rows are told of one by one: they differ in outcome, strength, basis, in what clashes or whom to ask."""
    if not voice.by_row or voice.decision.basis is Basis.UNKNOWN_FACTS:
        return False
    rows = voice.decision.disclosures
    strengths, bases = {row.strength for row in rows} - {None}, {row.basis for row in rows}
    asked = {_whose(voice, row) for row in rows} if voice.decision.outcome is Outcome.SEEK_CONSENT else set()
    clashing = {row.fired for row in rows} if voice.decision.basis is Basis.CONFLICT else set()
    return voice.decision.outcome is Outcome.DIFFERS or any(
        len(each) > 1 for each in (strengths, bases, asked, clashing)
    )


def headline(voice: Voice) -> str:
    """`IT DEPENDS ON WHO: the answer is not the same for everybody.`"""
    rows = voice.decision.disclosures
    of_item: dict[str | None, set[Outcome | None]] = {}
    of_person: dict[str | None, set[Outcome | None]] = {}
    for row in rows:
        of_item.setdefault(row.item, set()).add(_settled(row))
        of_person.setdefault(row.recipient, set()).add(_settled(row))
    who = any(len(answers) > 1 for answers in of_item.values())
    what = any(len(answers) > 1 for answers in of_person.values())
    on = " AND ".join(word for word, so in (("WHO", who), ("WHAT", what)) if so) or "WHO AND WHAT"
    to = {"WHO": "everybody", "WHAT": "everything"}.get(on, "everything and everybody")
    if not voice.open_rows:
        return f"IT DEPENDS ON {on}: the answer is not the same for {to}."
    settled = len(set().union(*of_item.values()) - {None})
    how = (
        f"the answer is not the same for {to}, and some of it"
        if settled > 1
        else "some of it is settled, and some"
    )
    return f"IT DEPENDS ON {on}: {how} is NOT SETTLED YET. That is not a refusal."


def lines(voice: Voice) -> Iterator[str]:
    """Yields a line for all rows with the same answer for the same reason, what goes nowhere first."""
    explained = False
    for group in _groups(voice):
        # how something that should be done is followed is said once
        unless = f" ({UNLESS})" if group.strength == "should" and not explained else ""
        explained |= bool(unless)
        yield f"{group.told(unless)}{group.why()}."


def advice_is_taken(voice: Voice) -> bool:
    """Whether advice is to be taken before anything, or something, is shared."""
    return voice.decision.outcome is Outcome.SEEK_ADVICE or any(
        _settled(row) is Outcome.SEEK_ADVICE for row in voice.decision.disclosures
    )


def in_short(voice: Voice) -> str:
    """What goes nowhere and what goes to whom, as one part of a sentence."""
    return "; ".join(some([inside(group.told()) for group in _groups(voice)], _MOST, "answers like these"))


def nowhere_anyway(voice: Voice) -> Iterator[str]:
    """What goes nowhere, whatever the answers to what is still open."""
    rows = voice.decision.disclosures
    kept = [row for row in rows if row.release is False]
    if voice.by_row and kept and len(kept) == len(rows):
        yield "Nothing goes to anybody as it stands, whatever the answers are."
    elif voice.by_row:
        yield from (f"{group.told()}{group.why()}." for group in _groups(voice, kept) if group.goes_nowhere)


# --- whose consent ------------------------------------------------------------------------------


def consent(voice: Voice, rows: Sequence[Disclosure] = ()) -> str:
    """`Ann's consent`, `the consent of Ann and Bob`; of some rows, where these are given."""
    whose = list(dict.fromkeys(_whom(each) for each in _asked(voice, rows) if each.person or each.whom))
    if not whose:
        return "consent"
    if len(whose) == 1 and len(whose[0].split()) <= _SHORT and not set(",“") & set(whose[0]):
        return (
            f"{whose[0]}{'’' if '’' in whose[0] else chr(39)}{'' if whose[0].endswith('s') else 's'} consent"
        )
    return f"the consent of {listed(whose)}"


def not_known_whose(voice: Voice, rows: Sequence[Disclosure] = ()) -> bool:
    """Whether consent is to be sought and it is not known whose: no more than somebody's can be said."""
    asked = _asked(voice, rows)
    if voice.decision.ask_consent is None or asked:
        return False
    model = voice.model
    saying = [model.clauses.get(clause.clause) for clause in voice.decision.fired] if model else []
    return model is None or any(clause is not None and clause.whom is not None for clause in saying)


_SHORT = 3
"""How many words can stand before `'s`."""


def _asked(voice: Voice, rows: Sequence[Disclosure]) -> Sequence[AskConsent]:
    if not rows:
        return voice.decision.ask_consent or ()
    found = (each for row in rows for each in voice.consent_by_row.get((row.item, row.recipient), ()))
    return list(dict.fromkeys(found))


def _whose(voice: Voice, row: Disclosure) -> tuple[str, ...]:
    """Whose consent is sought for a row."""
    return tuple(map(_whom, _asked(voice, [row])))


def _whom(each: AskConsent) -> str:
    return name(each.person) if each.person is not None else inside(each.whom or "")


# --- groups of rows -----------------------------------------------------------------------------


def _groups(voice: Voice, rows: Sequence[Disclosure] | None = None) -> list["_Group"]:
    found: dict[tuple[object, ...], list[Disclosure]] = {}
    for row in voice.decision.disclosures if rows is None else rows:
        outcome = _settled(row)
        holds = row.held_by if row.release is False else row.open_by
        holds = holds if outcome in (Outcome.SHARE, None) else ()
        if outcome is None and row.release is False and not voice.full:
            found.setdefault((Outcome.SEEK_CONSENT in (row.possible or ()),), []).append(row)
            continue
        found.setdefault(
            (
                outcome,
                _strength(row, outcome) if outcome is not None else row.possible,
                row.release if outcome in (Outcome.SHARE, None) else False,
                row.basis,
                row.fired,
                tuple(hold.safeguard for hold in holds),
                _whose(voice, row) if outcome is Outcome.SEEK_CONSENT else (),
            ),
            [],
        ).append(row)
    return sorted((_Group(voice, tuple(rows)) for rows in found.values()), key=lambda group: group.place)


def _strength(row: Disclosure, outcome: Outcome) -> Strength | None:
    """How strong it is, as far as that makes a difference to what is said."""
    return row.strength or (None if outcome is Outcome.SHARE and row.basis is Basis.CLAUSES else "may")


def _settled(row: Disclosure) -> Outcome | None:
    """The outcome of a row; None while more than one is possible."""
    return None if row.possible is not None and len(row.possible) > 1 else row.outcome


@attrs.frozen(slots=False)
class _Group:
    """Rows with the same answer for the same reason."""

    voice: Voice
    rows: tuple[Disclosure, ...]

    @property
    def outcome(self) -> Outcome | None:
        """None while more than one is possible."""
        return _settled(self.rows[0])

    @property
    def strength(self) -> Strength | None:
        """How strong it is; None where it is not settled whether it is a duty to share."""
        return None if self.outcome is None else _strength(self.rows[0], self.outcome)

    @property
    def goes_nowhere(self) -> bool:
        """Whether it is kept back, rather than waiting for consent or advice."""
        kept = self.outcome in (Outcome.WITHHOLD, Outcome.SHARE, None)
        return kept and self.rows[0].release is False

    @property
    def place(self) -> tuple[bool, int]:
        """Where it comes: what goes nowhere first, what is not settled last."""
        order = len(_ORDER) if self.outcome is None else _ORDER.index(self.outcome)
        return not self.goes_nowhere, order

    def told(self, unless: str = "") -> str:
        """What is to be done, without a full stop.

        Args:
            unless: how something that should be done is followed.
        """
        must, should = self.strength == "must", self.strength == "should"
        match self.outcome:
            case Outcome.WITHHOLD:
                return f"{self._nothing_goes()}{unless}{self._anyway}"
            case Outcome.SHARE:
                how = "MUST" if must else "should" if should else "may"
                open_ = " (whether you must is not settled)" if self.strength is None else ""
                row = self.rows[0]
                if row.release is False and row.held_by:
                    return f"Do not share {self._going} yet{self._held()}; then you {how}{unless}{open_}"
                if row.release is None:
                    held = f"{self._going} yet{self._held(yet=True)}; once that is settled and mended"
                    return f"Do not share {held}, you {how}{unless}{open_}"
                nobody = "" if row.release else ", but nothing, or nobody, is listed that it could be"
                return f"You {how} share {self._going}{unless}{open_}{nobody}"
            case Outcome.SEEK_CONSENT:
                how = "You must ask for" if must else "You should ask for" if should else "Ask for"
                whose = " (it is not known whose)" if not_known_whose(self.voice, self.rows) else ""
                return f"{how} {consent(self.voice, self.rows)}{whose} before you share {self._going}{unless}"
            case Outcome.SEEK_ADVICE if self.rows[0].basis is Basis.CONFLICT:
                return f"Take advice before you share {self._going}: the procedure gives different answers"
            case Outcome.SEEK_ADVICE if self.rows[0].basis is Basis.SILENCE:
                return f"Take advice before you share {self._going}: nothing in the procedure speaks to it"
            case Outcome.SEEK_ADVICE:
                how = (
                    "You must take advice" if must else "You should take advice" if should else "Take advice"
                )
                return f"{how} before you share {self._going}{unless}"
            case None if self.rows[0].release is False and self._may_ask:
                return f"{self._nothing_goes()} without consent; whether to ask for it is not settled"
            case None if self.rows[0].release is False:
                return f"{self._nothing_goes()}{self._anyway}"
            case _:
                possible = listed((call(each, None) for each in self.rows[0].possible or ()), "or")
                return f"Not settled: {sharing.going(self.voice, self.rows)} ({possible})"

    @property
    def _may_ask(self) -> bool:
        """Whether the answer may become to ask for consent, after which it may go."""
        return Outcome.SEEK_CONSENT in (self.rows[0].possible or ())

    def why(self) -> str:
        """`: they are suspected, and nothing goes to such a parent (point 3)`, or nothing."""
        row = self.rows[0]
        if self.outcome is None or row.basis is Basis.SILENCE:
            return self._held() if self.outcome is None and row.release is False and self.voice.full else ""
        if row.basis is Basis.CONFLICT:
            sides: dict[str, list[ClauseFinding]] = {}
            for clause in self._fired:
                sides.setdefault(call(_outcome(clause), strength_of(clause)), []).append(clause)
            told = [f"it says {says}: {self._because(clauses)[0]}" for says, clauses in sides.items()]
            return f"; {'; '.join(told)}" if told else ""
        if self.outcome is Outcome.SHARE and row.release is not True and not self.voice.full:
            return ""  # what would mend it is read first
        told = self._because(self._fired)
        shown = some(told, _MOST, "reasons like these") if self.voice.full else told[:1]
        return f": {'. Also, '.join(shown)}" if shown else ""

    def _because(self, clauses: Sequence[ClauseFinding]) -> list[str]:
        """In short what the clauses say, else with the facts that make them so."""
        if not self.voice.full:
            told = {
                c.clause: f"{inside(c.statement)}{self.voice.points(c.cites, first=True)}"
                for c in by_duty_first(tuple(clauses), self.voice.relaxed)
            }
            return list(told.values())
        return statements(self.voice, by_duty_first(tuple(clauses), self.voice.relaxed), named=self._named)

    @cached_property
    def _fired(self) -> list[ClauseFinding]:
        """The clauses that stand in these rows, each with the facts that make it so there."""
        names = set(self.rows[0].fired or ())
        pairs = {(row.item, row.recipient) for row in self.rows}
        return [
            clause
            for clause in self.voice.decision.fired
            if clause.clause in names and (not clause.rows or pairs & {tuple(pair) for pair in clause.rows})
        ]

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        """The elements that are named before the reason."""
        sides = zip(
            SIDES, ((row.item for row in self.rows), (row.recipient for row in self.rows)), strict=True
        )
        named = [(group, each) for group, names in sides for each in dict.fromkeys(names) if each is not None]
        return list(named)

    @property
    def _anyway(self) -> str:
        anyway = self.voice.open_rows or self.voice.decision.basis is Basis.UNKNOWN_FACTS
        return ", whatever the rest turns out to be" if anyway else ""

    @cached_property
    def _going(self) -> str:
        return sharing.going(self.voice, self.rows)

    def _nothing_goes(self) -> str:
        verb = "Do not share"
        if self.outcome is Outcome.WITHHOLD and self.strength in ("must", "should"):
            verb = "You MUST NOT share" if self.strength == "must" else "You should not share"
        told = []
        for items, people in sharing.rectangles(self.rows):
            things = sharing.side_of(self.voice, items, 0, "anything") or "anything"
            who = sharing.side_of(self.voice, people, 1, "anybody")
            nothing = verb == "Do not share" and things == "anything" and who
            told.append(
                f"Nothing goes to {who}" if nothing else f"{verb} {things}{f' with {who}' if who else ''}"
            )
        return "; ".join([told[0], *(inside(each) for each in told[1:])])

    def _held(self, *, yet: bool = False) -> str:
        """` (not needed for the purpose: leave it out)`."""
        found: list[tuple[sharing.Row, Hold]] = [
            ((row.item, row.recipient), hold)
            for row in self.rows
            for hold in (row.open_by if yet else row.held_by)
        ]
        sides = [{row.item for row in self.rows}, {row.recipient for row in self.rows}]
        item, person = (side.pop() if len(side) == 1 else None for side in sides)
        reason = sharing.reason(self.voice, (item, person), found, yet=yet)
        if self.voice.full or yet or len(reason.split()) <= _BRIEF:
            return reason
        return f" ({'; also '.join(dict.fromkeys(inside(hold.remedy) for _, hold in found))})"


def _outcome(clause: ClauseFinding) -> Outcome:
    return next((outcome for outcome in _ORDER if outcome.words == outcome_of(clause)), Outcome.SEEK_ADVICE)

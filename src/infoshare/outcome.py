"""The closed sets of words in which a decision speaks: outcomes, bases, timings.

Deliberately not here: how any of them is reached (`infoshare.meaning`).
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What a practitioner is told to do. Order is the order in which people are shown them.

    `DIFFERS` is said of a decision alone, where the answer is not the same for everybody; see `OUTCOMES`.
    """

    SHARE = "share"
    SEEK_CONSENT = "seek_consent"
    WITHHOLD = "withhold"
    SEEK_ADVICE = "seek_advice"
    DIFFERS = "differs"

    @property
    def words(self) -> str:
        """The outcome as the policy language spells it: `seek consent`."""
        return self.value.replace("_", " ")


OUTCOMES = (Outcome.SHARE, Outcome.SEEK_CONSENT, Outcome.WITHHOLD, Outcome.SEEK_ADVICE)
"""What a clause may conclude, and what is decided of one item for one recipient."""


class Basis(StrEnum):
    """What an outcome rests on."""

    CLAUSES = "clauses"
    UNKNOWN_FACTS = "unknown_facts"
    CONFLICT = "conflict"
    SILENCE = "silence"
    NOT_IN_FORCE = "not_in_force"
    ROWS = "rows"

    @property
    def words(self) -> str:
        """The basis as the policy language spells it: `unknown facts`."""
        return self.value.replace("_", " ")


class Act(StrEnum):
    """What a duty is timed by: an outcome being carried out, or the deciding itself."""

    SHARING = "sharing"
    SEEKING_CONSENT = "seeking consent"
    WITHHOLDING = "withholding"
    SEEKING_ADVICE = "seeking advice"
    DECIDING = "deciding"
    HOLDING_BACK = "holding back"

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that brings this act; none for `deciding`, which every outcome brings, and for `holding back`,
        which a safeguard brings where the outcome is share.
        """
        return _OUTCOME_OF_ACT.get(self)


_OUTCOME_OF_ACT = {
    Act.SHARING: Outcome.SHARE,
    Act.SEEKING_CONSENT: Outcome.SEEK_CONSENT,
    Act.WITHHOLDING: Outcome.WITHHOLD,
    Act.SEEKING_ADVICE: Outcome.SEEK_ADVICE,
}

"""What a database did not do, as what it means for whoever wanted to record or read, and what to do next.

Deliberately not here: databases (`storage`).
"""

from collections.abc import Sequence

from infoshare.policy.decision import Decision
from infoshare.records.errors import RecordError
from infoshare.records.store.base import StoreError, Trouble

_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.LOCKED: (
        "somebody else is writing to the ledger, and did not finish in time",
        "try again in a moment",
    ),
    Trouble.FULL: ("the disk is full", "make room, and then do it again"),
    Trouble.READ_ONLY: (
        "the ledger may be read but not written",
        "ask whoever keeps it for the right to write",
    ),
    Trouble.DENIED: (
        "the ledger cannot be opened",
        "check the rights to the file and its folder; in a database, that the user has one of the roles of the ledger",
    ),
    Trouble.NOT_ADMITTED: (
        "the database does not let this user in",
        "check the user's name and password: they belong in a password file or service file of PostgreSQL",
    ),
    Trouble.UNREACHABLE: (
        "the database cannot be reached",
        "check the address and the port, and that the server is running and takes one connection more",
    ),
    Trouble.MOVED: (
        "the ledger was moved, removed or replaced while it was open",
        "find out where it is now and who moved it; then open it there, and do this again",
    ),
    Trouble.INPUT_OUTPUT: (
        "the disk did not keep what it was given",
        "check the disk or the connection, open the ledger again, and see with `infoshare record verify` that all is well",
    ),
    Trouble.UNCERTAIN: (
        "the disk did not keep what it was given, or the database went away",
        "open the ledger again, and see with `infoshare record list` whether it is there before you do it once more",
    ),
    Trouble.DAMAGED: (
        "the ledger's file is damaged",
        "keep it as it is for whoever looks into it, and go on with a copy from before;"
        " receipts kept outside show what the copy lacks",
    ),
    Trouble.REFUSED: ("the database refused it", "see with `infoshare record verify` that all is well"),
    Trouble.NOT_A_LEDGER: ("this is not a ledger", "make one with `infoshare record init`"),
    Trouble.TAKEN: ("there is something already where the ledger was to be made", "choose another name"),
    Trouble.ABSENT: ("there is no such ledger", "check the name, or make one with `infoshare record init`"),
}


class NotRecordedError(RecordError):
    """Nothing was recorded, and there is no receipt.

    Attributes:
        decision: what was decided, where something was: it is as good as before, but nobody can prove it.
    """

    decision: Decision | None = None


def not_recorded(error: StoreError) -> NotRecordedError:
    """The error for something that could not be added."""
    why, help_ = _WORDS[error.trouble]
    uncertain = error.trouble is Trouble.UNCERTAIN
    what = "it may not have been recorded" if uncertain else "nothing was recorded"
    return NotRecordedError.of("IS722", f"{what}: {why} ({error.detail})", help_)


def no_receipt(error: StoreError, ids: Sequence[str]) -> RecordError:
    """The error for something that was added, and whose receipt could then not be made."""
    why, help_ = _WORDS[error.trouble]
    return RecordError.of(
        "IS720",
        f"recorded as {', '.join(ids)}, but the receipt cannot be made: {why} ({error.detail})",
        "do not record it again: infoshare record receipt LEDGER ID gives the receipt",
        help_,
    )


def not_read(error: StoreError, where: str) -> RecordError:
    """The error for a ledger that cannot be opened or read."""
    why, help_ = _WORDS[error.trouble]
    return RecordError.of("IS720", f"`{where}`: {why} ({error.detail})", help_)

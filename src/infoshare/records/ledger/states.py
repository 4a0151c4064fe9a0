"""Works out the state of a record, and the keys that count, from later entries of the log.

Deliberately not here: whether those entries verify (`verify`).
"""

import attrs

from infoshare.records.errors import RecordError
from infoshare.records.keys.files import CaseKey
from infoshare.records.keys.public import KeyRing, PublicKey
from infoshare.records.ledger.entries import Kind, name_of, open_entry
from infoshare.records.store.base import Entry, Store


@attrs.frozen
class State:
    """The state of a record.

    Attributes:
        superseded_by: the entry of the record that took its place.
        erased_by: the entry that says that it was erased.
        held_by: the entry of the legal hold that it is under.
    """

    superseded_by: Entry | None = None
    erased_by: Entry | None = None
    held_by: Entry | None = None

    @property
    def words(self) -> str:
        """In words; empty for a record that nothing became of."""
        found = {
            "erased": self.erased_by,
            "superseded": self.superseded_by,
            "on legal hold": self.held_by,
        }
        return ", ".join(word for word, entry in found.items() if entry is not None)


def state_of(store: Store, entry: Entry) -> State:
    """Returns the state of a record."""
    state = State()
    for later in store.about(entry.number):
        match later.kind:
            case Kind.RECORD:
                state = attrs.evolve(state, superseded_by=later)
            case Kind.ERASURE:
                state = attrs.evolve(state, erased_by=later)
            case Kind.HOLD:
                state = attrs.evolve(state, held_by=later)
            case Kind.RELEASE:
                state = attrs.evolve(state, held_by=None)
            case _:
                pass  # who looked at it changes nothing
    return state


def may_be_superseded(store: Store, entry: Entry) -> None:
    """Raises RecordError (IS735) for what is no record, was erased, or was superseded already."""
    state = _state_of_record(store, entry)
    if state.superseded_by is not None:
        raise RecordError.of(
            "IS735",
            f"{name_of(entry)} was superseded already, by {name_of(state.superseded_by)}",
            "supersede that one",
        )
    if state.erased_by is not None:
        raise RecordError.of(
            "IS735", f"{name_of(entry)} was erased, and cannot be superseded", "add a record of its own"
        )


def may_be_held(store: Store, entry: Entry) -> None:
    """Raises RecordError (IS731) for what is held already or was erased."""
    state = _state_of_record(store, entry)
    if state.held_by is not None:
        raise RecordError.of(
            "IS731", f"{name_of(entry)} is on legal hold already", "nothing more is to be done"
        )
    if state.erased_by is not None:
        raise RecordError.of("IS731", f"{name_of(entry)} was erased: there is nothing left to hold")


def may_be_released(store: Store, entry: Entry) -> None:
    """Raises RecordError (IS731) for what is not held."""
    if _state_of_record(store, entry).held_by is None:
        raise RecordError.of("IS731", f"{name_of(entry)} is not on legal hold", "nothing is to be done")


def may_be_erased(store: Store, entry: Entry) -> None:
    """Raises RecordError (IS731) for what is on legal hold or was erased already."""
    state = _state_of_record(store, entry)
    if state.held_by is not None:
        raise RecordError.of(
            "IS731",
            f"{name_of(entry)} is on legal hold, and may not be erased",
            "ask whoever ordered the hold; `infoshare record hold --release` ends it",
        )
    if state.erased_by is not None:
        raise RecordError.of("IS731", f"{name_of(entry)} was erased already", "nothing is to be done")


def keys_of(store: Store, log_keys: KeyRing, case_key: CaseKey) -> KeyRing:
    """The keys that may sign records: the log's own, and those that were enrolled, with their dates as said last.

    Raises:
        VerificationError: the entry of a key was altered.
    """
    ring = log_keys
    for entry in store.of_kind(Kind.KEY):
        content = store.content(entry.number)
        if content is not None:
            opened = open_entry(entry, content, case_key, store.header.origin)
            ring = ring.plus(PublicKey.from_text(str(opened.body["key"])))
    return ring


def _state_of_record(store: Store, entry: Entry) -> State:
    if entry.kind != Kind.RECORD:
        raise RecordError.of(
            "IS727", f"{name_of(entry)} is not a record", "see the records: infoshare record list LEDGER"
        )
    return state_of(store, entry)

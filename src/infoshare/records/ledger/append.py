"""Appends drafts to the log and makes their receipts: the one place where anything is added.

In one transaction: what is to be done is checked against what is there, each content is written and read back, its
leaf follows from what was read back, the tree grows, the checkpoint is signed if it continues the one signed last.
Receipts are made after the commit. Invariants: no receipt without a durable record; no checkpoint that contradicts one
that this ledger signed, or over an entry that was not read back.
Source: of the last two, the end of the certificate log Yeti 2022 (a flipped bit) and RFC 9162, section 4.10.
Deliberately not here: what an entry says (`body`, `entries`), databases (`storage`).
"""

from collections.abc import Callable, Sequence

import attrs

from infoshare.records.errors import RecordError, VerificationError, error_of
from infoshare.records.keys.files import CaseKey
from infoshare.records.keys.public import KeyRing, Signer
from infoshare.records.ledger.entries import altered, associated_data, unsealed
from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from infoshare.records.log.commitment import digest_of, new_salt, record_leaf
from infoshare.records.log.receipt import Receipt
from infoshare.records.log.tree import (
    CompactRange,
    NodeAt,
    compact_range_at,
    consistency_proof,
    node_hash,
    verify_consistency,
)
from infoshare.records.store.base import Entry, Store, last_of
from infoshare.records.store.errors import StoreError, no_receipt
from infoshare.records.store.sealing import seal

_inconsistent = error_of(
    VerificationError,
    "IS725",
    "",
    "append nothing more, and compare with a copy and with receipts kept outside",
)

Step = Callable[[str], None]
"""Told the name of each step of an append as it is reached; a test stops the process there."""


def no_step(_: str) -> None:
    """Does nothing at any step."""


STEPS = ("begun", "content", "entry", "signed", "checkpoint", "committed")


@attrs.frozen
class Draft:
    """An entry to be.

    Attributes:
        data: the bytes of its signed envelope.
        about: the id of the entry that it speaks of.
        check: raises RecordError where what is there forbids it; is given the entry that it speaks of.
        erases: whether the content of the entry that it speaks of is removed.
    """

    kind: str
    id: str
    data: bytes = attrs.field(repr=False)
    about: str | None = None
    check: Callable[[Entry], None] | None = None
    erases: bool = False


@attrs.frozen
class Signed:
    """A checkpoint that this ledger signed, and the tree that it is of."""

    checkpoint: Checkpoint
    note: bytes = attrs.field(repr=False)
    tree: CompactRange = attrs.field(repr=False)


@attrs.frozen
class Added:
    """An entry that was added, with what its receipt needs."""

    entry: Entry
    salt: bytes = attrs.field(repr=False)
    digest: bytes = attrs.field(repr=False)


def state_of(store: Store, keys: KeyRing, origin: str, before: Checkpoint | None = None) -> Signed | None:
    """Returns the stored tree, checked against the checkpoint signed last; None for an empty ledger.

    Args:
        before: a checkpoint of this ledger that was seen earlier.

    Raises:
        VerificationError: IS725, they do not belong together, or the ledger was rolled back since `before`.
    """
    note, size = store.checkpoint(), store.size()
    if note is None:
        if size or (before is not None and before.size):
            raise _inconsistent("the checkpoint signed last is gone")
        return None
    try:
        checkpoint = open_checkpoint(note, keys, origin=origin).checkpoint
    except VerificationError as error:
        raise error.about("the checkpoint signed last") from None
    if checkpoint.size != size:
        raise _inconsistent(
            f"the checkpoint signed last is of {checkpoint.size} entries, and there are {size}"
        )
    try:
        tree = compact_range_at(store.node, size)
        if tree.root() != checkpoint.root:
            raise _inconsistent("the tree is not the one that was signed last")
        if before is not None:
            continues(store, before, checkpoint)
    except KeyError:
        raise _inconsistent("hashes of the tree are missing") from None
    return Signed(checkpoint, note, tree)


def continues(store: Store, old: Checkpoint, new: Checkpoint) -> None:
    """Checks that a checkpoint continues an earlier one. Raises VerificationError (IS725) where it does not."""
    if new.size < old.size:
        raise _inconsistent(
            f"there were {old.size} entries before, and now there are {new.size}: it was rolled back"
        )
    try:
        proof = consistency_proof(store.node, old.size, new.size)
        verify_consistency(old.size, old.root, new.size, new.root, proof)
    except (VerificationError, KeyError):
        raise _inconsistent("its first entries are not those that were there before") from None


class Appender:
    """Adds to one ledger."""

    def __init__(
        self, store: Store, signer: Signer, case_key: CaseKey, *, seen: bytes | None, at: Step
    ) -> None:
        """`seen` is a checkpoint of this ledger that was seen before, if any was."""
        self.store, self.signer, self.case_key, self.at = store, signer, case_key, at
        self.origin = store.header.origin
        self.keys = KeyRing((signer.public,))
        self.last: Signed | None = None
        self.before = (
            None if seen is None else open_checkpoint(seen, self.keys, origin=self.origin).checkpoint
        )
        self.policies: set[str] = set()

    def append(
        self, drafts: Sequence[Draft], policies: Sequence[tuple[str, dict[str, bytes]]] = ()
    ) -> list[Receipt]:
        """Adds entries, all or none, and returns their receipts, without the envelopes.

        Raises:
            RecordError: one of them may not be added; IS720, they were, and the receipts cannot be made.
            VerificationError: what is there does not belong together.
            StoreError: the database refused.
        """
        added: list[Added] = []
        store, at = self.store, self.at
        with store.writing():
            at("begun")
            start = self._state()
            tree = start.tree if start else CompactRange()
            for digest, files in policies:
                if digest not in self.policies and store.policy(digest) is None:
                    store.add_policy(digest, files)
            for draft in drafts:
                one, tree = self._add(draft, tree)
                added.append(one)
            checkpoint = Checkpoint(self.origin, tree.size, tree.root())
            note = sign_checkpoint(checkpoint, self.signer)
            at("signed")
            store.add_checkpoint(checkpoint.size, note)
            at("checkpoint")
        at("committed")
        self.last = Signed(checkpoint, note, tree)
        self.policies.update(digest for digest, _ in policies)
        try:
            return self._receipts(start.tree if start else CompactRange(), tree, added, note)
        except StoreError as error:
            raise no_receipt(error, [each.entry.id for each in added]) from None

    def _state(self) -> Signed | None:
        """Returns the tree to continue from; what this process signed itself is not proved again."""
        last = self.last
        if last is not None and self.store.checkpoint() == last.note:
            return last
        before = last.checkpoint if last is not None else self.before
        return state_of(self.store, self.keys, self.origin, before)

    def _add(self, draft: Draft, tree: CompactRange) -> tuple[Added, CompactRange]:
        store, number = self.store, tree.size
        about = None
        if draft.about is not None:
            about = store.find(draft.about)
            if about is None:
                raise unknown(draft.about)
            if draft.check is not None:
                draft.check(about)
        salt, digest = new_salt(), digest_of(draft.data)
        leaf = record_leaf(salt, number, draft.id, digest)
        nodes = tree.closed_by(leaf)
        above = b"".join(hash_ for _, _, hash_ in nodes[1:])
        entry = Entry(number, draft.kind, draft.id, None if about is None else about.number, leaf, above)
        content = store.add_content(
            number, seal(draft.data, salt, self.case_key, associated_data(self.origin, entry))
        )
        self.at("content")
        # The leaf is held against what the database gives back, not against what it was given.
        if unsealed(entry, content, self.case_key, self.origin) != (draft.data, salt):
            raise altered(entry, "the database gave back another content than it was given")
        store.add(entry)
        self.at("entry")
        if draft.erases and about is not None:
            store.remove_content(about.number)
        return Added(entry, salt, digest), tree.closed(nodes)

    def _receipts(
        self, before: CompactRange, after: CompactRange, added: Sequence["Added"], note: bytes
    ) -> list[Receipt]:
        by_number = {each.entry.number: each.entry for each in added}
        stood = {(level, index): hash_ for level, index, hash_ in before.subtrees()}

        def node_at(level: int, index: int) -> bytes:
            entry = by_number.get(last_of(level, index))
            found = stood.get((level, index)) if entry is None else entry.node(level)
            return self.store.node(level, index) if found is None else found

        paths = InclusionProofs(after, node_at)
        return [
            Receipt(
                e.entry.id,
                e.entry.number,
                e.salt,
                e.digest,
                paths.to(e.entry.number),
                note,
                leaf=e.entry.leaf,
            )
            for e in added
        ]


class InclusionProofs:
    """Inclusion proofs of many leaves of one tree: those of `tree.inclusion_proof`, without hashing its right edge each time.

    A path goes up within the complete subtree that holds the leaf, then by all that is to the right of that, joined, and
    then by each complete subtree to its left.
    """

    def __init__(self, tree: CompactRange, node_at: NodeAt) -> None:
        self.node_at = node_at
        self.subtrees = tree.subtrees()
        self.rest: list[tuple[bytes, ...]] = []
        joined: bytes | None = None
        for at in range(len(tree.hashes) - 1, -1, -1):
            hash_ = tree.hashes[at]
            right = () if joined is None else (joined,)
            self.rest.insert(0, (*right, *reversed(tree.hashes[:at])))
            joined = hash_ if joined is None else node_hash(hash_, joined)

    def to(self, index: int) -> tuple[bytes, ...]:
        """The proof of a leaf, from the leaf upwards."""
        for (level, at, _), rest in zip(self.subtrees, self.rest, strict=True):
            if index >> level == at:
                return (*(self.node_at(step, (index >> step) ^ 1) for step in range(level)), *rest)
        raise ValueError("no such leaf in this tree")


def unknown(id: str) -> RecordError:
    """The error for a record that the ledger does not hold."""
    shown = id if id.isprintable() and len(id) <= 60 else "that id"
    return RecordError.of(
        "IS727", f"the ledger holds no `{shown}`", "see the ids: infoshare record list LEDGER"
    )

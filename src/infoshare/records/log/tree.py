"""Hashes of leaves to a Merkle tree: its root, and proofs about it, made and checked.

The tree of RFC 6962, section 2.1, with SHA-256; checking is the algorithm of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
Everything here is about *leaf hashes*: `leaf_hash` of the data, once, at the door.
A complete subtree has a level and an index: `(level, index)` covers the leaves from `index << level` up to, not
including, `(index + 1) << level`; level 0 are the leaves. Its hash never changes once it is there, so a log may
store it, and proofs then cost as many look-ups as they have hashes.
Invariants: a proof is consumed to its last hash, and a hash too few or too many is refused; nothing here
recurses deeper than the tree is high.
Deliberately not here: what a leaf stands for (`leaf`), signing a root (`note`), storage.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

import attrs

from infoshare.records.errors import VerificationError, error_of

_no_inclusion = error_of(
    VerificationError,
    "IS705",
    "this does not show that the record is in the log: ",
    "compare with the receipt as it was first given out",
)
_inconsistent = error_of(
    VerificationError, "IS706", "", "keep both checkpoints: together they show that the log was altered"
)

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, section 2.1)."""

LARGEST_SIZE = 2**63 - 1

NodeAt: TypeAlias = Callable[[int, int], bytes]
"""(level, index) -> the hash of that complete subtree."""

Node: TypeAlias = tuple[int, int, bytes]
"""(level, index, hash) of a complete subtree."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, by the definition (MTH in RFC 6962)."""
    match len(leaves):
        case 0:
            return EMPTY_ROOT
        case 1:
            return leaves[0]
        case size:
            k = _split(size)
            return node_hash(root(leaves[:k]), root(leaves[k:]))


@attrs.frozen
class CompactRange:
    """The right edge of a tree: all that is needed to append to it and to know its root. O(log n).

    Attributes:
        size: number of leaves.
        hashes: of the complete subtrees that the tree falls into, the largest (leftmost) first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.size <= LARGEST_SIZE or len(self.hashes) != self.size.bit_count():
            raise ValueError("a compact range has one hash for each bit of its size")
        if any(len(each) != HASH_SIZE for each in self.hashes):
            raise ValueError("a hash has 32 bytes")

    def append(self, leaf: bytes) -> "CompactRange":
        """The tree with one leaf more.

        Args:
            leaf: its hash.
        """
        return self.closed(self.closed_by(leaf))

    def closed_by(self, leaf: bytes) -> tuple[Node, ...]:
        """The complete subtrees that a further leaf makes complete: the leaf itself (level 0) first, then upwards.

        A log that stores them all can answer any `NodeAt`; there are two a leaf, on average.
        """
        found: list[Node] = [(0, self.size, leaf)]
        index, left = self.size, list(self.hashes)
        while index & 1:
            leaf = node_hash(left.pop(), leaf)
            index >>= 1
            found.append((len(found), index, leaf))
        return tuple(found)

    def root(self) -> bytes:
        """The root of the tree."""
        return _joined(self.hashes)

    def closed(self, nodes: Sequence[Node]) -> "CompactRange":
        """The tree with the leaf that `closed_by` gave these subtrees for."""
        return CompactRange(self.size + 1, (*self.hashes[: len(self.hashes) - len(nodes) + 1], nodes[-1][2]))

    def subtrees(self) -> list[Node]:
        """The complete subtrees that the tree falls into, the largest first."""
        return [(*place, hash_) for place, hash_ in zip(_complete(0, self.size), self.hashes, strict=True)]


def compact_range_at(node_at: NodeAt, size: int) -> CompactRange:
    """The tree that the tree had at a size."""
    return CompactRange(size, tuple(node_at(level, index) for level, index in _complete(0, size)))


def inclusion_proof(node_at: NodeAt, index: int, size: int) -> tuple[bytes, ...]:
    """PATH of RFC 6962, section 2.1.1: the hashes that lead from a leaf to the root, from the leaf upwards.

    Args:
        node_at: the complete subtrees of the tree; as a store gives them.
        index: of the leaf, from 0.
        size: of the tree whose root is meant; it may have grown since.

    Raises:
        ValueError: no such leaf in a tree of that size.
    """
    if not 0 <= index < size <= LARGEST_SIZE:
        raise ValueError("no such leaf in a tree of that size")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(node_at, middle, end))
            end = middle
        else:
            path.append(_range_hash(node_at, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(node_at: NodeAt, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """PROOF of RFC 6962, section 2.1.2: that the tree at the new size begins with the tree at the old one.

    Empty where the sizes are equal.

    Raises:
        ValueError: the old size is larger than the new one, or 0: of an empty tree there is nothing to prove.
    """
    if not 0 <= old_size <= new_size <= LARGEST_SIZE or (old_size == 0 and new_size > 0):
        raise ValueError("only of a tree that has leaves can it be proved that it grew to a larger one")
    if old_size == new_size:
        return ()
    start, end = 0, new_size
    path: list[bytes] = []
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_range_hash(node_at, middle, end))
            end = middle
        else:
            path.append(_range_hash(node_at, start, middle))
            start = middle
    if start:
        path.append(_range_hash(node_at, start, end))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Checks that a tree of this size and root has this leaf hash at this index (RFC 9162, section 2.1.3.2).

    Raises:
        VerificationError: IS705, it has not, or the proof is too long or too short.
    """
    if not 0 <= index < size <= LARGEST_SIZE:
        raise _no_inclusion(f"a tree of {size} leaves has no leaf {index} (they are counted from 0)", "index")
    if not _are_hashes(leaf, root, *proof):
        raise _no_inclusion("a hash has 32 bytes, and one here has not", "proof")
    at, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise _no_inclusion("the proof has more hashes than it should", "proof")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    if last:
        raise _no_inclusion("the proof has fewer hashes than it should", "proof")
    if not hmac.compare_digest(found, root):
        raise _no_inclusion("the proof does not lead from this leaf to this root", "proof")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the tree of the new root begins with the tree of the old one (RFC 9162, section 2.1.4.2).

    Raises:
        VerificationError: IS706, it does not, or the proof is too long or too short.
    """
    if not 0 <= old_size <= new_size <= LARGEST_SIZE:
        raise _inconsistent(
            f"a log of {old_size} entries cannot have become one of {new_size}: a log only grows"
        )
    if not _are_hashes(old_root, new_root, *proof):
        raise _inconsistent("a hash has 32 bytes, and one here has not")
    if old_size == new_size:
        if proof:
            raise _inconsistent("the proof has more hashes than it should")
        if not hmac.compare_digest(old_root, new_root) or (new_size == 0 and new_root != EMPTY_ROOT):
            raise _inconsistent(f"two logs of {old_size} entries have different roots")
        return
    if old_size == 0:
        raise _inconsistent(
            "an empty log shows nothing about a later one: compare with a checkpoint that has entries"
        )
    if not proof:
        raise _inconsistent("the proof has fewer hashes than it should")
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            raise _inconsistent("the proof has more hashes than it should")
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    if last:
        raise _inconsistent("the proof has fewer hashes than it should")
    if not hmac.compare_digest(old, old_root) or not hmac.compare_digest(new, new_root):
        raise _inconsistent(
            "the new log does not begin with the old one: entries were changed, removed or added"
        )


def _are_hashes(*values: bytes) -> bool:
    return all(len(each) == HASH_SIZE for each in values)


def _split(size: int) -> int:
    """The largest power of two below a size of two or more: where RFC 6962 cuts a list in two."""
    return 1 << (size - 1).bit_length() - 1


def _complete(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees, largest first, of leaves from a start on that a complete subtree could begin at."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def _range_hash(node_at: NodeAt, start: int, end: int) -> bytes:
    return _joined([node_at(level, index) for level, index in _complete(start, end)])


def _joined(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest first."""
    if not hashes:
        return EMPTY_ROOT
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found

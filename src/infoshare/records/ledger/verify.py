"""Verifies a whole ledger in one pass of flat memory.

Every entry is unsealed, which authenticates the columns beside it, and its leaf computed again from the bytes of its envelope; the
tree is built from these leaves and held against every stored hash, every checkpoint and the signature of the newest;
links, erasures and holds against what the entries say; policies against their digests.
A *thorough* pass also reads every record: its form, its columns, each signature of every envelope and every checkpoint; and
lets the database check its file. A *quick* one leaves that to the newest checkpoint, which commits to every byte of them
all: what it cannot find is an envelope or an old checkpoint that was signed wrongly when it was written, and what
somebody with the case key did to the columns. Either says what it left out.
Invariant: whatever it reads, it returns; a part that cannot be read is a problem with a name.
Deliberately not here: whether old entries were left out by whoever holds all keys: that is what receipts kept outside are for.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import attrs

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.keys.files import CaseKey, FileCaseKey, KeyFolder
from infoshare.records.keys.public import KeyRing
from infoshare.records.ledger import policies
from infoshare.records.ledger.append import continues
from infoshare.records.ledger.check import Checker, Part, Problems
from infoshare.records.ledger.entries import KEEP
from infoshare.records.ledger.states import keys_of
from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint
from infoshare.records.log.receipt import Receipt, verify_receipt
from infoshare.records.log.tree import CompactRange
from infoshare.records.store import url
from infoshare.records.store.base import Store
from infoshare.records.store.errors import StoreError

PART = 4096
"""Entries that are gone through together."""


@attrs.frozen
class Verification:
    """The result of verifying a ledger.

    Attributes:
        size: entries in all.
        counts: entries of each kind, by kind; `erased` for the records that were erased.
        thorough: whether every signature was checked as well.
        problems: what is wrong, at most a hundred; errors, then warnings.
        more: problems beyond those.
        checkpoint: the newest, as a signed note.
        checkpoints: how many there are; those that were removed can be told only by what was kept outside.
        left_out: what this pass did not look at, and what finds it, in sentences.
    """

    origin: str
    size: int
    counts: dict[str, int] = attrs.field(repr=False)
    thorough: bool
    problems: tuple[Diagnostic, ...]
    more: int = 0
    checkpoint: bytes | None = attrs.field(default=None, repr=False)
    checkpoints: int = 0
    left_out: tuple[str, ...] = attrs.field(default=(), repr=False)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return all(problem.severity is Severity.WARNING for problem in self.problems)

    def require(self) -> "Verification":
        """Itself. Raises VerificationError, with every error, where something is wrong."""
        if not self.holds:
            raise VerificationError([p for p in self.problems if p.severity is Severity.ERROR])
        return self


def verify_ledger(
    store: Store,
    case_key: CaseKey,
    log_keys: KeyRing,
    *,
    now: datetime,
    thorough: bool = True,
    receipts: Iterable[Receipt] = (),
    seen: bytes | None = None,
    parts: Callable[[Checker, int], Iterator[Part]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Verifies a ledger.

    Args:
        log_keys: the public key of the log, from a place that whoever can change the ledger cannot change.
        receipts: that were kept outside; each must be of this ledger.
        seen: a checkpoint that was seen before.
        parts: how the entries are gone through; in this process, one after another, if not given.
        progress: is told how many entries were gone through, and of how many.
    """
    problems = Problems()
    receipts = tuple(receipts)
    header = store.header
    size, keys = 0, log_keys
    checked: list[Part] = []
    note: bytes | None = None
    try:
        with store.reading():
            size, note = store.size(), store.checkpoint()
            if not any(key.vkey == header.key for key in log_keys if key.name == header.origin):
                problems.say("IS724", "the ledger bears another name or key than those it is verified with")
            if thorough:
                for damage in store.damage():
                    problems.say("IS724", f"the database finds: {damage}")
            keys = _enrolled(store, log_keys, case_key, problems)
            checker = Checker(store, case_key, keys, now, thorough)
            for part in (parts or sequentially)(checker, size):
                checked.append(part)
                if progress is not None:
                    progress(part.end.size, size)
            _joined(checked, problems)
            _newest(store, note, log_keys, size, problems, seen=seen)
            for receipt in receipts:
                _receipt(store, receipt, keys, note, problems)
            for digest in sorted(frozenset(store.policies()).union(*(part.digests for part in checked))):
                _policy(store, digest, problems)
    except StoreError as error:
        problems.say("IS724", f"the ledger cannot be read ({error.detail})")
    counts = sum((part.counts for part in checked), Counter[str]())
    found = sorted(problems.found, key=lambda problem: problem.severity is Severity.WARNING)
    return Verification(
        header.origin,
        size,
        dict(counts),
        thorough,
        tuple(found),
        problems.more,
        note,
        sum(part.checkpoints for part in checked),
        tuple(_left_out(thorough=thorough, seen=seen is not None or not size, receipts=bool(receipts))),
    )


QUICKLY = (
    "the signatures of single entries and of older checkpoints, the form of each record, the dates of keys, and"
    " the database's own check of its file; the newest checkpoint, which was checked, covers every byte of the entries"
)
"""What a quick pass leaves out."""


def _left_out(*, thorough: bool, seen: bool, receipts: bool) -> Iterator[str]:
    if not thorough:
        yield f"left out, as it was to be quick: {QUICKLY}"
    if not seen:
        yield (
            "there is no `seen` beside the keys, the checkpoint that was seen here last: that the ledger was put back"
            " to an earlier day would not have been noticed by it"
        )
    if not receipts:
        yield (
            "a ledger that was rolled back as a whole, or lost older checkpoints, is found only by a receipt kept outside:"
            " give one with --receipt"
        )


def ranges(size: int) -> Iterator[tuple[int, int]]:
    """The parts in which a ledger is gone through: the first entry of each, and the one after its last."""
    return ((start, min(start + PART, size)) for start in range(0, size, PART))


def sequentially(checker: Checker, size: int) -> Iterator[Part]:
    """Checks all runs one after another, in this process."""
    return (checker.part(*part) for part in ranges(size))


def _enrolled(store: Store, log_keys: KeyRing, case_key: CaseKey, problems: Problems) -> KeyRing:
    try:
        return keys_of(store, log_keys, case_key)
    except RecordError as error:
        problems.add(*error.diagnostics)
        return log_keys


def _joined(parts: Sequence[Part], problems: Problems) -> None:
    end = CompactRange()
    for part in parts:
        if part.begin != end:
            problems.say(
                "IS724", f"the stored hashes before entry {part.begin.size} are not those of the entries"
            )
        end = part.end
        problems.add(*part.problems)
        problems.more += part.more


def _newest(
    store: Store, note: bytes | None, keys: KeyRing, size: int, problems: Problems, *, seen: bytes | None
) -> None:
    """Checks that the newest checkpoint is signed, covers all entries, and continues the one seen before."""
    for beyond, _ in store.checkpoints(size, 2**62):
        problems.say(
            "IS725", f"there is a checkpoint of {beyond} entries, and there are {size}: entries are gone"
        )
        break
    for below, _ in store.checkpoints(-(2**62), 0):
        problems.say("IS725", f"there is a checkpoint of {below} entries, and none is ever signed of so few")
        break
    earlier = None
    if seen is not None:
        try:
            earlier = open_checkpoint(seen, keys, origin=store.header.origin).checkpoint
        except VerificationError as error:
            problems.add(*error.about("the checkpoint kept beside the keys").diagnostics)
    if note is None:
        if size or (earlier is not None and earlier.size):
            problems.say("IS725", "the newest checkpoint is gone")
        return
    try:
        checkpoint = open_checkpoint(note, keys, origin=store.header.origin).checkpoint
        if checkpoint.size != size:
            problems.say(
                "IS725", f"the newest checkpoint is of {checkpoint.size} entries, and there are {size}"
            )
        if earlier is not None:
            continues(store, earlier, checkpoint)
            _still_there(store, earlier, "that was seen here last")
    except VerificationError as error:
        problems.add(*error.about("the newest checkpoint").diagnostics)


def _receipt(store: Store, receipt: Receipt, keys: KeyRing, note: bytes | None, problems: Problems) -> None:
    """Verifies a receipt kept outside, and that the ledger contains and continues what it shows."""
    try:
        proved = verify_receipt(receipt, keys, origin=store.header.origin)
        entry = store.entry(receipt.index)
        if entry is None or (entry.id, entry.leaf) != (receipt.record, receipt.leaf):
            what = "is not there" if entry is None else "is not the one that this receipt was given for"
            problems.say(
                "IS725", f"record {receipt.record} (number {receipt.index}): {what}", path=receipt.record
            )
        elif note is not None:
            continues(store, proved.checkpoint, open_checkpoint(note, keys).checkpoint)
            _still_there(store, proved.checkpoint, "that it leads to")
    except VerificationError as error:
        problems.add(*error.about(f"the receipt of record {receipt.record}").diagnostics)


def _still_there(store: Store, known: Checkpoint, which: str) -> None:
    """Checks that a checkpoint known from outside was not removed. Raises VerificationError (IS725) where it was."""
    if known.size and next(store.checkpoints(known.size - 1, known.size), None) is None:
        raise VerificationError.of(
            "IS725", f"the checkpoint of {known.size} entries, {which}, is gone from the ledger", KEEP
        )


def _policy(store: Store, digest: str, problems: Problems) -> None:
    try:
        policies.loaded(store.policy(digest), digest)
    except VerificationError as error:
        problems.add(*error.diagnostics)


WORTH_IT = 4 * PART
"""Entries from which on it is quicker to start processes."""


@attrs.frozen
class _Task:
    where: str
    keys: Path
    ring: KeyRing
    now: datetime
    thorough: bool


_checker: list[Checker] = []


def in_processes(
    processes: int, where: str, keys: KeyFolder, case_key: CaseKey
) -> Callable[[Checker, int], Iterator[Part]]:
    """Returns a way to check a ledger in several processes, where it is long enough."""

    def parts(checker: Checker, size: int) -> Iterator[Part]:
        if size < WORTH_IT or not isinstance(case_key, FileCaseKey):
            yield from sequentially(checker, size)
            return
        task = _Task(where, keys.path, checker.keys, checker.now, checker.thorough)
        with ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(task,)
        ) as pool:
            yield from pool.map(_part, ranges(size))

    return parts


def _begin(task: _Task) -> None:
    store = url.connect(task.where, read_only=True, wait=60)
    _checker.append(Checker(store, KeyFolder(task.keys).case_key(), task.ring, task.now, task.thorough))


def _part(numbers: tuple[int, int]) -> Part:
    (checker,) = _checker
    with checker.store.reading():
        return checker.part(*numbers)

"""A whole ledger to what is wrong with it, in one pass of flat memory.

Every entry is unlocked, which authenticates the columns beside it, and its leaf computed again from the bytes of its envelope; the
tree is built from these leaves and held against every stored hash, every checkpoint and the signature of the newest;
links, erasures and holds against what the entries say; policies against their digests.
A *thorough* pass also reads every record: its form, its columns, each signature of every envelope and every checkpoint; and
lets the database check its file. A *quick* one leaves that to the newest checkpoint, which commits to every byte of them
all: what it cannot find is an envelope or an old checkpoint that was signed wrongly when it was written, and what
somebody with the case key did to the columns.
Invariant: whatever it reads, it returns; a part that cannot be read is a problem with a name.
Deliberately not here: whether old entries were left out by whoever holds all keys: that is what receipts kept outside are for.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import InfoshareError
from infoshare.records import policies
from infoshare.records.appending import continues, grown
from infoshare.records.entries import Kind, speaks_of
from infoshare.records.envelope import verify as verify_envelope
from infoshare.records.errors import RecordError, VerificationError
from infoshare.records.ids import is_id, made_at
from infoshare.records.keys import KeyRing
from infoshare.records.note import Checkpoint, open_checkpoint
from infoshare.records.opening import altered, called, check_columns, open_entry, unlocked
from infoshare.records.receipt import Receipt, verify_receipt
from infoshare.records.sealing import CaseKey
from infoshare.records.states import keys_of
from infoshare.records.storage import Entry, Store, StoreError
from infoshare.records.text_forms import from_instant
from infoshare.records.tree import Frontier, frontier_at

MOST_PROBLEMS = 100
CLOCKS_DIFFER = timedelta(minutes=1)

_KEEP = "keep the ledger as it is for whoever looks into it, and compare with a copy and with receipts kept outside"


@attrs.frozen
class Verification:
    """What was found.

    Attributes:
        size: entries in all.
        counts: entries of each kind, by kind; `erased` for the records that were erased.
        thorough: whether every signature was checked as well.
        problems: what is wrong, at most a hundred; errors, then warnings.
        more: problems beyond those.
        checkpoint: the newest, as a signed note.
    """

    origin: str
    size: int
    counts: dict[str, int] = attrs.field(repr=False)
    thorough: bool
    problems: tuple[Diagnostic, ...]
    more: int = 0
    checkpoint: bytes | None = attrs.field(default=None, repr=False)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return all(problem.severity is Severity.WARNING for problem in self.problems)

    def require(self) -> "Verification":
        """Itself. Raises VerificationError, with every error, where something is wrong."""
        if not self.holds:
            raise VerificationError([p for p in self.problems if p.severity is Severity.ERROR])
        return self


@attrs.frozen
class Part:
    """What was found in some entries that follow one another.

    Attributes:
        begin, end: the tree before the first and after the last of them.
        digests: of the policies that its records were decided by.
        latest: the latest moment at which an id in it says that it was made.
        earliest_late: the first entry, if any, that says it was made long before one that precedes it.
    """

    begin: Frontier
    end: Frontier
    counts: Counter[str]
    digests: frozenset[str]
    problems: tuple[Diagnostic, ...]
    more: int = 0


class Problems:
    """Problems as they are found: the first hundred, and how many more."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.more = 0

    def add(self, *diagnostics: Diagnostic) -> None:
        for diagnostic in diagnostics:
            if len(self.found) < MOST_PROBLEMS:
                self.found.append(diagnostic)
            else:
                self.more += 1

    def say(self, code: str, message: str, *help_: str, path: str | None = None) -> None:
        self.add(Diagnostic(code, message, help=help_ or (_KEEP,), path=path))


@attrs.frozen
class Checker:
    """What is known before the first entry is looked at."""

    store: Store
    case_key: CaseKey
    keys: KeyRing
    now: datetime
    thorough: bool

    def part(self, start: int, stop: int) -> Part:
        """Checks the entries `start <= number < stop`, and the checkpoints of what they completed."""
        problems, counts, digests = Problems(), Counter[str](), set[str]()
        try:
            begin = frontier_at(self.store.node, start)
        except (KeyError, StoreError, ValueError):
            problems.say("IS724", f"hashes of the tree before entry {start} are missing")
            begin = Frontier(start, (bytes(32),) * start.bit_count())
        frontier, number = begin, start
        notes = _Notes(self, start, stop, problems)
        latest: datetime | None = None
        try:
            for entry, content in self.store.rows(start, stop):
                if entry.number != number:
                    problems.say("IS724", _missing(number, entry.number - 1))
                    number = entry.number
                counts[entry.kind] += 1
                try:
                    if content is None:
                        counts["erased"] += 1
                        self._without_content(entry)
                    else:
                        body = self._body(entry, content, problems)
                        self._links(entry, body)
                        if entry.kind == Kind.RECORD and body:
                            digests.add(_digest(body))
                except InfoshareError as error:
                    problems.add(*error.diagnostics)
                except (KeyError, TypeError, ValueError):
                    problems.add(*altered(entry, "its content is not as an entry of a ledger").diagnostics)
                frontier = _grown(frontier, entry, problems)
                latest = _in_time(entry, latest, problems)
                number += 1
                notes.at(frontier)
        except StoreError as error:
            problems.say("IS724", f"from entry {number} on the ledger cannot be read ({error.detail})")
        else:
            if number < stop:
                problems.say("IS724", _missing(number, stop - 1))
        return Part(begin, frontier, counts, frozenset(digests), tuple(problems.found), problems.more)

    def _body(self, entry: Entry, content: Any, problems: Problems) -> dict[str, Any]:
        origin = self.store.header.origin
        if self.thorough:
            opened = open_entry(entry, content, self.case_key, origin)
            try:
                signers = verify_envelope(
                    opened.envelope, self.keys, payload_type=opened.envelope.payload_type
                )
            except VerificationError as error:
                raise error.about(called(entry)) from None
            at = from_instant(opened.body["decided_at" if entry.kind == Kind.RECORD else "at"])
            for signer in signers:
                standing = self.keys.standing(signer, decided_at=at, now=self.now)
                problems.add(*(attrs.evolve(d, path=entry.id) for d in standing.diagnostics))
            return opened.body
        data, _ = unlocked(entry, content, self.case_key, origin)
        if entry.kind == Kind.RECORD and entry.about is None:
            return {}
        envelope = json.loads(data)
        body = json.loads(base64.b64decode(envelope["payload"]))
        check_columns(entry, envelope["payloadType"], body)
        return body  # type: ignore[no-any-return]

    def _without_content(self, entry: Entry) -> None:
        if entry.kind != Kind.RECORD or not any(
            e.kind == Kind.ERASURE for e in self.store.about(entry.number)
        ):
            raise altered(entry, "its content is gone, and no entry says that it was erased")

    def _links(self, entry: Entry, body: dict[str, Any]) -> None:
        """What an entry says of the one that it is about, held against that one."""
        if entry.about is None:
            return
        about = self.store.entry(entry.about) if entry.about < entry.number else None
        said = body if entry.kind == Kind.RECORD else speaks_of(body)
        if about is None or said is None:
            raise altered(entry, "what it is about does not come before it")
        if entry.kind == Kind.RECORD:
            if body["supersedes"] != about.id or about.kind != Kind.RECORD:
                raise altered(entry, "it supersedes another record than its content says")
            return
        if (said["id"], said["leaf"]) != (about.id, about.leaf.hex()):
            raise altered(about, f"it is not the entry that {called(entry)} speaks of")
        if entry.kind == Kind.ERASURE:
            if self.store.content(about.number) is not None:
                raise altered(about, "it was erased, and its content is there")
            before = [e for e in self.store.about(about.number) if e.number < entry.number]
            held = [e.kind for e in before if e.kind in {Kind.HOLD, Kind.RELEASE}]
            if held[-1:] == [Kind.HOLD]:
                raise altered(about, f"it was erased while on legal hold, by {called(entry)}")


class _Notes:
    """The checkpoints of a part, each held against the tree when it has that size."""

    def __init__(self, checker: Checker, start: int, stop: int, problems: Problems) -> None:
        self.checker, self.problems = checker, problems
        self.notes = checker.store.checkpoints(start, stop)
        self.next = next(self.notes, None)

    def at(self, frontier: Frontier) -> None:
        while self.next is not None and self.next[0] <= frontier.size:
            size, note = self.next
            self._check(size, note, frontier)
            self.next = next(self.notes, None)

    def _check(self, size: int, note: bytes, frontier: Frontier) -> None:
        checker = self.checker
        try:
            checkpoint = (
                open_checkpoint(note, checker.keys, origin=checker.store.header.origin).checkpoint
                if checker.thorough
                else Checkpoint.from_text(note.decode().partition("\n\n")[0] + "\n")
            )
        except VerificationError as error:
            self.problems.add(*error.about(f"the checkpoint of {size} entries").diagnostics)
            return
        except UnicodeDecodeError:
            checkpoint = None
        expected = Checkpoint(checker.store.header.origin, frontier.size, frontier.root())
        if size != frontier.size or checkpoint != expected:
            self.problems.say(
                "IS725", f"the checkpoint of {size} entries is not that of the entries that are there"
            )


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
) -> Verification:
    """Verifies a ledger.

    Args:
        log_keys: the public key of the log, from a place that whoever can change the ledger cannot change.
        receipts: that were kept outside; each must be of this ledger.
        seen: a checkpoint that was seen before.
        parts: how the entries are gone through; in this process, one after another, if not given.
    """
    problems = Problems()
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
            checked = list((parts or in_turn)(checker, size))
            _joined(checked, problems)
            _newest(store, note, log_keys, size, problems, seen=seen)
            for receipt in receipts:
                _held_against(store, receipt, keys, note, problems)
            for digest in sorted(frozenset(store.policies()).union(*(part.digests for part in checked))):
                _policy(store, digest, problems)
    except StoreError as error:
        problems.say("IS724", f"the ledger cannot be read ({error.detail})")
    counts = sum((part.counts for part in checked), Counter[str]())
    found = sorted(problems.found, key=lambda problem: problem.severity is Severity.WARNING)
    return Verification(header.origin, size, dict(counts), thorough, tuple(found), problems.more, note)


def in_turn(checker: Checker, size: int) -> Iterator[Part]:
    """All entries as one part, in this process."""
    yield checker.part(0, size)


def _enrolled(store: Store, log_keys: KeyRing, case_key: CaseKey, problems: Problems) -> KeyRing:
    try:
        return keys_of(store, log_keys, case_key)
    except RecordError as error:
        problems.add(*error.diagnostics)
        return log_keys


def _joined(parts: Sequence[Part], problems: Problems) -> None:
    end = Frontier()
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
    """The newest checkpoint is signed, of all entries, and continues what was seen before."""
    for beyond, _ in store.checkpoints(size, 2**62):
        problems.say(
            "IS725", f"there is a checkpoint of {beyond} entries, and there are {size}: entries are gone"
        )
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
    except VerificationError as error:
        problems.add(*error.about("the newest checkpoint").diagnostics)


def _held_against(
    store: Store, receipt: Receipt, keys: KeyRing, note: bytes | None, problems: Problems
) -> None:
    """A receipt kept outside: good in itself, of this ledger, and the ledger still goes on from it."""
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
    except VerificationError as error:
        problems.add(*error.about(f"the receipt of record {receipt.record}").diagnostics)


def _policy(store: Store, digest: str, problems: Problems) -> None:
    try:
        policies.loaded(store.policy(digest), digest)
    except VerificationError as error:
        problems.add(*error.diagnostics)


def _digest(body: dict[str, Any]) -> str:
    return str(body["decision"]["policy"]["digest"])


def _grown(frontier: Frontier, entry: Entry, problems: Problems) -> Frontier:
    """The tree with an entry's leaf; the hashes stored with it are those that it completes."""
    nodes = frontier.closed_by(entry.leaf)
    if b"".join(hash_ for _, _, hash_ in nodes[1:]) != entry.nodes:
        problems.add(
            *altered(
                entry, "the hashes of the tree that are stored with it do not follow from the leaves"
            ).diagnostics
        )
    return grown(frontier, nodes)


def _in_time(entry: Entry, latest: datetime | None, problems: Problems) -> datetime | None:
    """The later of two moments; an entry that says it was made long before the ones that precede it is told of."""
    if not is_id(entry.id):
        problems.add(*altered(entry, "its id is not one").diagnostics)
        return latest
    made = made_at(entry.id)
    if latest is not None and latest - made > CLOCKS_DIFFER:
        problems.add(
            Diagnostic(
                "IS733",
                f"{called(entry)} says that it was made before an entry that precedes it",
                help=("a clock was set back, or two computers differ: the order of the log counts",),
                path=entry.id,
                severity=Severity.WARNING,
            )
        )
    return made if latest is None else max(latest, made)


def _missing(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"

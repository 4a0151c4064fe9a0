"""Checks a run of entries: finds what is wrong with them, and works out the tree before and after.

Every entry is unsealed, which authenticates the columns beside it, and its leaf computed again from the bytes of its envelope; the
tree is built from these leaves and held against every stored hash and every checkpoint; links, erasures and holds
against what the entries say. `verifying` tells what a thorough and a quick pass are.
Invariant: whatever it reads, it returns; what cannot be read is a problem with a name. Deliberately not here: the whole (`verifying`).
"""

import base64
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import attrs

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import InfoshareError
from infoshare.records.canonical import from_instant, is_id, made_at
from infoshare.records.errors import VerificationError
from infoshare.records.keys.files import CaseKey
from infoshare.records.keys.public import KeyRing
from infoshare.records.ledger.entries import (
    KEEP,
    Kind,
    altered,
    missing,
    name_of,
    open_entry,
    require_matching_body,
    speaks_of,
    unsealed,
)
from infoshare.records.log.checkpoint import Checkpoint, open_checkpoint
from infoshare.records.log.envelope import verify as verify_envelope
from infoshare.records.log.tree import CompactRange, compact_range_at
from infoshare.records.store.base import Entry, Store
from infoshare.records.store.errors import StoreError

MOST_PROBLEMS = 100
CLOCKS_DIFFER = timedelta(minutes=1)


@attrs.frozen
class Part:
    """The findings about a run of entries.

    Attributes:
        begin, end: the tree before the first and after the last of them.
        digests: of the policies that its records were decided by.
        checkpoints: how many checkpoints there are of the trees that end in it.
    """

    begin: CompactRange
    end: CompactRange
    counts: Counter[str]
    digests: frozenset[str]
    checkpoints: int
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
        self.add(Diagnostic(code, message, help=help_ or (KEEP,), path=path))


@attrs.frozen
class Checker:
    """Checks runs of entries of one ledger, with what is known before the first."""

    store: Store
    case_key: CaseKey
    keys: KeyRing
    now: datetime
    thorough: bool

    def part(self, start: int, stop: int) -> Part:
        """Checks the entries `start <= number < stop`, and the checkpoints of what they completed."""
        problems, counts, digests = Problems(), Counter[str](), set[str]()
        try:
            begin = compact_range_at(self.store.node, start)
        except (KeyError, StoreError, ValueError):
            problems.say("IS724", f"hashes of the tree before entry {start} are missing")
            begin = CompactRange(start, (bytes(32),) * start.bit_count())
        tree, number = begin, start
        notes = _Checkpoints(self, start, stop, problems)
        latest: datetime | None = None
        try:
            for entry, content in self.store.rows(start, stop):
                if entry.number != number:
                    problems.say("IS724", missing(number, entry.number - 1))
                    number = entry.number
                counts[entry.kind] += 1
                try:
                    if content is None:
                        self._without_content(entry)
                        counts["erased"] += 1
                    else:
                        body = self._body(entry, content, problems)
                        self._links(entry, body)
                        if entry.kind == Kind.RECORD:
                            digests.add(body["decision"]["policy"]["digest"])
                except InfoshareError as error:
                    problems.add(*error.diagnostics)
                except (KeyError, TypeError, ValueError):
                    problems.add(*altered(entry, "its content is not as an entry of a ledger").diagnostics)
                tree = _with_leaf(tree, entry, problems)
                latest = _latest_of(entry, latest, problems)
                number += 1
                notes.at(tree)
        except StoreError as error:
            problems.say("IS724", f"from entry {number} on the ledger cannot be read ({error.detail})")
        else:
            if number < stop:
                problems.say("IS724", missing(number, stop - 1))
        return Part(
            begin, tree, counts, frozenset(digests), notes.count, tuple(problems.found), problems.more
        )

    def _body(self, entry: Entry, content: Any, problems: Problems) -> dict[str, Any]:
        origin = self.store.header.origin
        if self.thorough:
            opened = open_entry(entry, content, self.case_key, origin)
            try:
                signers = verify_envelope(
                    opened.envelope, self.keys, payload_type=opened.envelope.payload_type
                )
            except VerificationError as error:
                raise error.about(name_of(entry)) from None
            at = from_instant(opened.body["decided_at" if entry.kind == Kind.RECORD else "at"])
            for signer in signers:
                standing = self.keys.standing(signer, decided_at=at, now=self.now)
                problems.add(*(attrs.evolve(d, path=entry.id) for d in standing.diagnostics))
            return opened.body
        data, _ = unsealed(entry, content, self.case_key, origin)
        if entry.kind == Kind.RECORD and entry.about is None:
            return _policy_only(data)
        envelope = json.loads(data)
        body = json.loads(base64.b64decode(envelope["payload"]))
        require_matching_body(entry, envelope["payloadType"], body)
        return body  # type: ignore[no-any-return]

    def _without_content(self, entry: Entry) -> None:
        if entry.kind != Kind.RECORD or not any(
            e.kind == Kind.ERASURE for e in self.store.about(entry.number)
        ):
            raise altered(entry, "its content is gone, and no entry says that it was erased")

    def _links(self, entry: Entry, body: dict[str, Any]) -> None:
        """Compares what an entry says of the one that it is about with that one."""
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
            raise altered(about, f"it is not the entry that {name_of(entry)} speaks of")
        if entry.kind == Kind.ERASURE:
            if self.store.content(about.number) is not None:
                raise altered(about, "it was erased, and its content is there")
            if found := body.get("found"):
                raise altered(
                    about, f"its content was {found} before it was erased, as {name_of(entry)} says"
                )
            before = [e for e in self.store.about(about.number) if e.number < entry.number]
            held = [e.kind for e in before if e.kind in {Kind.HOLD, Kind.RELEASE}]
            if held[-1:] == [Kind.HOLD]:
                raise altered(about, f"it was erased while on legal hold, by {name_of(entry)}")


class _Checkpoints:
    """Compares each checkpoint of a run with the tree when it has that size."""

    def __init__(self, checker: Checker, start: int, stop: int, problems: Problems) -> None:
        self.checker, self.problems = checker, problems
        self.notes = checker.store.checkpoints(start, stop)
        self.next = next(self.notes, None)
        self.count = 0

    def at(self, tree: CompactRange) -> None:
        while self.next is not None and self.next[0] <= tree.size:
            size, note = self.next
            self.count += 1
            self._check(size, note, tree)
            self.next = next(self.notes, None)

    def _check(self, size: int, note: bytes, tree: CompactRange) -> None:
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
        expected = Checkpoint(checker.store.header.origin, tree.size, tree.root())
        if size != tree.size or checkpoint != expected:
            self.problems.say(
                "IS725", f"the checkpoint of {size} entries is not that of the entries that are there"
            )


_POLICY = re.compile(rb'"policy":(\{"digest":"[^"]*")')


def _policy_only(data: bytes) -> dict[str, Any]:
    """Of the body in an envelope of a record, only the digest of the policy: reading the rest takes as long as all else.

    In canonical JSON no text holds a quotation mark that is not escaped, and the decision is the first that has a policy.
    """
    start = len(b'{"payload":"')
    payload = base64.b64decode(data[start : data.index(b'"', start)])
    found = _POLICY.search(payload)
    if found is None:
        raise ValueError("no policy decided this")
    return {"decision": {"policy": json.loads(found[1] + b"}")}}


def _with_leaf(tree: CompactRange, entry: Entry, problems: Problems) -> CompactRange:
    """The tree with an entry's leaf; the hashes stored with it are those that it completes."""
    nodes = tree.closed_by(entry.leaf)
    if b"".join(hash_ for _, _, hash_ in nodes[1:]) != entry.nodes:
        problems.add(
            *altered(
                entry, "the hashes of the tree that are stored with it do not follow from the leaves"
            ).diagnostics
        )
    return tree.closed(nodes)


def _latest_of(entry: Entry, latest: datetime | None, problems: Problems) -> datetime | None:
    """Returns the later of two moments; warns of an entry that was made long before one that precedes it."""
    if not is_id(entry.id):
        problems.add(*altered(entry, "its id is not one").diagnostics)
        return latest
    made = made_at(entry.id)
    if latest is not None and latest - made > CLOCKS_DIFFER:
        problems.add(
            Diagnostic(
                "IS733",
                f"{name_of(entry)} says that it was made before an entry that precedes it",
                help=("a clock was set back, or two computers differ: the order of the log counts",),
                path=entry.id,
                severity=Severity.WARNING,
            )
        )
    return made if latest is None else max(latest, made)

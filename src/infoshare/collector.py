"""A policy's files collected: found, read once, parsed, in the order in which they are used.

Invariant: each file is read once, however often it is used; the digest is of the bytes that were parsed.
Deliberately not here: opening files (`files`), and what they mean (`meaning.resolver`).
"""

from collections.abc import Mapping

import attrs

from infoshare.diagnostic import Diagnostic, Label
from infoshare.digests import sha256_hex
from infoshare.files import FileSet, Place, Refusal, quoted
from infoshare.meaning.resolver import ParsedFile
from infoshare.syntax import tree as t
from infoshare.syntax.parser import decode, parse
from infoshare.text import Span
from infoshare.values import frozen

MOST_FILES = 200


@frozen
class Collected:
    """The files that could be parsed, used ones first; no files when the main one could not.

    Attributes:
        sources: the bytes that the digest is of, by path, the main file first.
    """

    files: tuple[ParsedFile, ...]
    digest: str
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)


def collect(files: FileSet) -> Collected:
    """Reads and parses a file and all that it uses."""
    collector = _Collector(files)
    main = files.main()
    if isinstance(main, Refusal):
        return Collected((), "", (Diagnostic(main.code, main.message, help=main.help),))
    collector.collect(main)
    return Collected(
        tuple(collector.done), collector.digest(), tuple(collector.diagnostics), collector.sources
    )


class _Collector:
    def __init__(self, files: FileSet) -> None:
        self.files = files
        self.done: list[ParsedFile] = []
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, bytes] = {}
        self.seen: set[str] = set()

    def collect(self, main: Place) -> None:
        """Depth first, without recursion: a file is done once all that it uses is."""
        opened = self._open(main, None)
        if opened is None:
            return
        stack = [opened]
        while stack:
            current = stack[-1]
            if not current.pending:
                stack.pop()
                tree = current.tree
                paths = tuple(place.shown for place in current.uses)
                self.done.append(
                    ParsedFile(current.place.shown, tree, paths, current.broken, current.incomplete)
                )
                continue
            node = current.pending.pop(0)
            place = self.files.used(node.path, current.place)
            if isinstance(place, Refusal):
                self._refuse(place, node.span)
                current.incomplete = True
                continue
            current.uses.append(place)
            chain = [frame.place for frame in stack]
            if any(each.identity == place.identity for each in chain):
                shown = [each.shown for each in chain]
                names = [*shown[[c.identity for c in chain].index(place.identity) :], place.shown]
                self._refuse(
                    Refusal(
                        "IS806",
                        "files use one another in a circle: " + " → ".join(f"`{n}`" for n in names),
                        ("move what both need into a file that uses neither",),
                    ),
                    node.span,
                )
            elif place.identity not in self.seen:
                opened = self._open(place, node.span)
                if opened is not None:
                    stack.append(opened)
                else:
                    current.incomplete = True

    def digest(self) -> str:
        """SHA-256 over the sorted (path, SHA-256 of the bytes) of every file: path, NUL, hexadecimal, LF."""
        lines = "".join(f"{path}\0{sha256_hex(data)}\n" for path, data in sorted(self.sources.items()))
        return "sha256:" + sha256_hex(lines.encode("utf-8", "surrogatepass"))

    def _open(self, place: Place, span: Span | None) -> "_Open | None":
        if len(self.seen) >= MOST_FILES:
            if len(self.seen) == MOST_FILES:
                self._refuse(
                    Refusal(
                        "IS807",
                        f"a policy may use at most {MOST_FILES} files",
                        ("put what belongs together into one file",),
                    ),
                    span,
                )
                self.seen.add("")
            return None
        self.seen.add(place.identity)
        data = self.files.read(place)
        if isinstance(data, Refusal):
            self._refuse(data, span)
            return None
        self.sources[place.name] = data
        source, faults = decode(place.shown, data)
        self.diagnostics.extend(faults)
        if source is None:
            return None
        if source.text.lstrip()[:1] in ("{", "["):
            self._refuse(_looks_like_a_case(place), span)
            return None
        parsed = parse(source)
        self.diagnostics.extend(parsed.diagnostics)
        if parsed.file is None:
            return None
        uses = [node for node in parsed.file.declarations if isinstance(node, t.Use)]
        return _Open(place, parsed.file, uses, parsed.broken)

    def _refuse(self, refusal: Refusal, span: Span | None) -> None:
        labels = (Label(span),) if span is not None else ()
        self.diagnostics.append(Diagnostic(refusal.code, refusal.message, labels, refusal.help))


@attrs.define
class _Open:
    place: Place
    tree: t.File
    pending: list[t.Use]
    broken: frozenset[str]
    uses: list[Place] = attrs.field(factory=list)
    incomplete: bool = False


def _looks_like_a_case(place: Place) -> Refusal:
    return Refusal(
        "IS808",
        f"expected a policy, found what looks like a case in `{quoted(place.shown)}`",
        ("name the policy first and the case after it: `infoshare decide POLICY CASE`",),
    )

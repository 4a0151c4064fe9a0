"""A policy's files collected: found, read once, parsed, in the order in which they are used.

Invariant: each file is read once, however often it is used; the digest is of the bytes that were parsed.
Deliberately not here: opening files (`files`), and what they mean (`meaning.resolver`).
"""

from collections.abc import Callable, Mapping

import attrs

from infoshare.diagnostic import Diagnostic, Label
from infoshare.digests import sha256_hex
from infoshare.meaning.resolver import ParsedFile
from infoshare.policy.files import FileSet, NoFile, Place, quoted
from infoshare.syntax import tree as t
from infoshare.syntax.parser import ParseResult, decode, parse
from infoshare.text import Source, Span
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


def collect(files: FileSet, parse: Callable[[Source], ParseResult] = parse) -> Collected:
    """Reads and parses a file and all that it uses.

    Args:
        parse: what parses one; another may keep what it has parsed.
    """
    collector = _Collector(files, parse)
    try:
        collector.collect(files.main())
    except NoFile as refused:
        collector.refuse(refused, None)
    return Collected(
        tuple(collector.done), collector.digest(), tuple(collector.diagnostics), collector.sources
    )


class _Collector:
    def __init__(self, files: FileSet, parse: Callable[[Source], ParseResult]) -> None:
        self.files, self.parse = files, parse
        self.done: list[ParsedFile] = []
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, bytes] = {}
        self.seen: set[str] = set()

    def collect(self, main: Place) -> None:
        """Depth first, without recursion: a file is done once all that it uses is. Raises NoFile for the main one."""
        opened = self._open(main)
        stack = [opened] if opened is not None else []
        while stack:
            current = stack[-1]
            if not current.pending:
                stack.pop()
                paths = tuple(place.shown for place in current.uses)
                self.done.append(
                    ParsedFile(current.place.shown, current.tree, paths, current.broken, current.incomplete)
                )
                continue
            node = current.pending.pop(0)
            try:
                used = self._used(node.path, current, [frame.place for frame in stack])
            except NoFile as refused:
                self.refuse(refused, node.span)
                used = None
                current.incomplete |= refused.code != "IS806"  # a circle leaves out nothing
            if used is not None:
                stack.append(used)

    def _used(self, path: str, by: "_Open", chain: list[Place]) -> "_Open | None":
        """A file that another one uses; None where it is there already, or could not be parsed."""
        place = self.files.used(path, by.place)
        by.uses.append(place)
        identities = [each.identity for each in chain]
        if place.identity in identities:
            circle = [*(each.shown for each in chain[identities.index(place.identity) :]), place.shown]
            raise NoFile(
                "IS806",
                "files use one another in a circle: " + " → ".join(f"`{each}`" for each in circle),
                "move what both need into a file that uses neither",
            )
        if place.identity in self.seen:
            return None
        opened = self._open(place)
        by.incomplete |= opened is None
        return opened

    def digest(self) -> str:
        """SHA-256 over the sorted (path, SHA-256 of the bytes) of every file: path, NUL, hexadecimal, LF."""
        lines = "".join(f"{path}\0{sha256_hex(data)}\n" for path, data in sorted(self.sources.items()))
        return "sha256:" + sha256_hex(lines.encode("utf-8", "surrogatepass"))

    def _open(self, place: Place) -> "_Open | None":
        """The file as it is parsed; None where it could not be, or too many are told of already. Raises NoFile."""
        if len(self.seen) >= MOST_FILES:
            if "" in self.seen:
                return None
            self.seen.add("")
            raise NoFile(
                "IS807",
                f"a policy may use at most {MOST_FILES} files",
                "put what belongs together into one file",
            )
        self.seen.add(place.identity)
        data = self.files.read(place)
        self.sources[place.name] = data
        source, faults = decode(place.shown, data)
        self.diagnostics.extend(faults)
        if source is None:
            return None
        if source.text.lstrip()[:1] in ("{", "["):
            raise NoFile(
                "IS808",
                f"expected a policy, found what looks like a case in `{quoted(place.shown)}`",
                "name the policy first and the case after it: `infoshare decide POLICY CASE`",
            )
        parsed = self.parse(source)
        self.diagnostics.extend(parsed.diagnostics)
        if parsed.file is None:
            return None
        uses = [node for node in parsed.file.declarations if isinstance(node, t.Use)]
        return _Open(place, parsed.file, uses, parsed.broken)

    def refuse(self, refused: NoFile, span: Span | None) -> None:
        """Takes in why a file cannot be had, and where it is used."""
        labels = (Label(span),) if span is not None else ()
        self.diagnostics.append(Diagnostic(refused.code, str(refused), labels, refused.help))


@attrs.define
class _Open:
    place: Place
    tree: t.File
    pending: list[t.Use]
    broken: frozenset[str]
    uses: list[Place] = attrs.field(factory=list)
    incomplete: bool = False

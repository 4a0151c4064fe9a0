"""Files -> `Policy`: read, parse, resolve. The whole pipeline on one screen.

Reading is the only thing here that touches the world, and it happens once per file: the digest is of
the bytes that were parsed. Deliberately not here: what any stage does.
"""

from collections.abc import Mapping
from os import PathLike

import attrs

from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import PolicyError
from infoshare.meaning.resolver import ParsedFile, resolve
from infoshare.policy.collector import Collected, collect
from infoshare.policy.files import FileSet, FilesInMemory, FilesOnDisk
from infoshare.policy.policy import Policy
from infoshare.values import frozen


@frozen
class LoadResult:
    """What became of a load: a policy, or None and the errors that say why; warnings either way.

    Attributes:
        files: the files that could be parsed, used ones first.
    """

    policy: Policy | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[ParsedFile, ...] = attrs.field(default=(), repr=False)


def load(path: str | PathLike[str], *, root: str | PathLike[str] | None = None) -> Policy:
    """Loads a policy from a file, or a shipped one by name: `infoshare:cscp`.

    Args:
        root: the folder above which no used file may lie; the folder of the file if not given.

    Raises:
        PolicyError: with every error of every file.
    """
    return _policy(load_result(path, root=root))


def load_sources(sources: Mapping[str, bytes], *, main: str) -> Policy:
    """Loads a policy from bytes, without touching the file system.

    Args:
        sources: the bytes of each file by its path, `/` between parts.
        main: the path of the file to load.

    Raises:
        PolicyError: with every error of every file.
    """
    return _policy(_load(FilesInMemory(sources, main)))


def load_result(path: str | PathLike[str], *, root: str | PathLike[str] | None = None) -> LoadResult:
    """As `load`, but errors are values."""
    return _load(FilesOnDisk(path, root))


def _load(files: FileSet) -> LoadResult:
    return bound(collect(files))


def bound(collected: Collected) -> LoadResult:
    """What files amount to that were collected already."""
    if not collected.files:
        return LoadResult(None, collected.diagnostics)
    resolution = resolve(collected.files, digest=collected.digest)
    diagnostics = (*collected.diagnostics, *resolution.diagnostics)
    if resolution.model is None or any(d.severity is Severity.ERROR for d in diagnostics):
        return LoadResult(None, diagnostics, collected.files)
    return LoadResult(
        Policy(resolution.model, resolution.scenarios, diagnostics, collected.sources),
        diagnostics,
        collected.files,
    )


def _policy(result: LoadResult) -> Policy:
    if result.policy is None:
        raise PolicyError([d for d in result.diagnostics if d.severity is Severity.ERROR])
    return result.policy

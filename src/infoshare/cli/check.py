"""Checks policies: syntax, names, types, circles, and what can be wrong with a policy that has no error.

A PATH is a policy file, or a folder that is searched for .policy files. Which clauses no scenario reaches is told by
the scenarios of these files and of those beside them. A finding that is meant is allowed by a comment with a reason
before the declaration: `# allow IS601 legal_bar: the clash is meant, advice decides`.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from infoshare import reports
from infoshare.authoring.checking import CheckUp, check
from infoshare.authoring.findings import Checked, Finding
from infoshare.authoring.fixes import fixed
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import paths_arguments, today
from infoshare.cli.files import PolicyPath, policies_under, policy_bytes, to_rewrite
from infoshare.diagnostic import Diagnostic, Severity
from infoshare.errors import Refused
from infoshare.policy.load import load_result
from infoshare.rendering import render_all
from infoshare.syntax.parser import decode
from infoshare.writing import rewrite

EXIT_CODES = """\
exit codes:
  0    clean
  1    warnings only
  3    errors
"""
MOST_ROUNDS = 20
"""Fixes that overlap are made one after the other; no file needs many rounds."""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    paths_arguments(command)
    command.add_argument(
        "--fix",
        action="store_true",
        help="first mend what can be mended without changing what the policy means",
    )
    command.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="how findings are printed (text)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints every finding once, whichever files lead to it, and returns the exit code."""
    paths = list(policies_under(arguments.paths))
    mended = _mend(paths, arguments.root) if arguments.fix else 0
    diagnostics = _check(paths, arguments.root).diagnostics
    match arguments.format:
        case "json":
            terminal.json_line(reports.as_json(diagnostics))
        case "github":
            terminal.say_all(reports.as_github(diagnostics))
        case "sarif":
            terminal.json_line(reports.as_sarif(diagnostics))
        case _:
            _text(diagnostics, len(paths), mended)
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        return exit_codes.of_policy_fault(diagnostics)
    return exit_codes.FINDINGS if diagnostics else exit_codes.OK


def _check(paths: Sequence[PolicyPath], root: str | None) -> CheckUp:
    return check([(file.path, root or file.root) for file in paths], _OnDisk(root), today=today())


@attrs.frozen
class _OnDisk:
    """The files of the disk; those beside a policy may use what its root holds."""

    root: str | None

    def load(self, path: str, root: str | None) -> Checked | Sequence[Diagnostic]:
        result = load_result(path, root=root)
        return Checked.of(result) or result.diagnostics

    def beside(self, folder: str) -> Iterator[tuple[str, str | None]]:
        for path in sorted(Path(folder).glob("*.policy")):
            yield path.as_posix(), self.root

    def data(self, path: str) -> bytes | None:
        try:
            return policy_bytes(path)
        except Refused:
            return None


def _mend(paths: Sequence[PolicyPath], root: str | None) -> int:
    """Writes every fix there is into the files that were given, and returns how many."""
    count = 0
    for _ in range(MOST_ROUNDS):
        mendable = [finding for finding in _check(paths, root).findings if finding.fix]
        mended = sum(_mend_file(file, mendable) for file in paths)
        if not mended:
            break
        count += mended
    return count


def _mend_file(file: PolicyPath, mendable: Sequence[Finding]) -> int:
    shown = Path(file.path).as_posix()
    here = [finding for finding in mendable if finding.fix[0].span.source.path == shown]
    if not here:
        return 0
    place = to_rewrite(file)
    before = policy_bytes(place)
    source, _ = decode(shown, before)
    if source is None or source.text != here[0].fix[0].span.source.text:
        raise Refused(
            f"{terminal.quoted(file.path)} was changed meanwhile, and is left as it is", "try again"
        )
    done = fixed(source, here)
    if done.count:
        mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
        rewrite(place, file.path, before, mark + done.text.encode())
    return done.count


def _text(diagnostics: tuple[Diagnostic, ...], files: int, mended: int) -> None:
    if diagnostics:
        terminal.say(render_all(diagnostics).rstrip("\n"))
        terminal.say("")
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    counts = [
        terminal.counted(n, what)
        for n, what in ((errors, "error"), (len(diagnostics) - errors, "warning"))
        if n
    ]
    summary = f"{terminal.counted(files, 'file')} checked: {', '.join(counts) or 'nothing found'}"
    terminal.say(f"{summary}; {mended} mended" if mended else summary)

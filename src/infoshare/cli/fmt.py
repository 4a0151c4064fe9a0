"""Lays policy files out: one layout for everybody, every comment kept.

A PATH is a policy file, a folder that is searched for .policy files, or `-`, which reads standard input and writes
to standard output. A file is only written if what it says stays exactly the same.
"""

import argparse

import attrs

from infoshare.authoring.formatting import LaidOut, changes, lay_out
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import paths_arguments
from infoshare.cli.files import PolicyPath, policies_under, policy_bytes, to_rewrite
from infoshare.cli.terminal import quoted
from infoshare.errors import Refused
from infoshare.writing import rewrite

EXIT_CODES = """\
exit codes:
  0    laid out, or nothing to do
  1    with --check or --diff: at least one file would change
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    paths_arguments(command, also="or -")
    command.add_argument(
        "--check", action="store_true", help="write nothing; name the files that would change"
    )
    command.add_argument("--diff", action="store_true", help="write nothing; show what would change")


@attrs.define
class _Count:
    files: int = 0
    changed: int = 0
    worst: int = exit_codes.OK


def run(arguments: argparse.Namespace) -> int:
    """Lays every file out, and returns the exit code."""
    count = _Count()
    for name in arguments.paths:
        if name == "-":
            _standard_input(arguments, count)
            continue
        for file in policies_under([name]):
            count.files += 1
            try:
                _one(file, arguments, count)
            except Refused as error:
                terminal.usage_error(str(error), *error.help)
                count.worst = max(count.worst, exit_codes.of_refusal(error))
    _summary(arguments, count)
    would_change = (arguments.check or arguments.diff) and count.changed
    return max(count.worst, exit_codes.FINDINGS if would_change else exit_codes.OK)


def _one(file: PolicyPath, arguments: argparse.Namespace, count: _Count) -> None:
    place = to_rewrite(file)
    before = policy_bytes(place)
    result = lay_out(file.path, before)
    if result.data is None:
        _refused(result, count)
    elif result.changed:
        count.changed += 1
        if arguments.diff:
            terminal.say_all(changes(file.path, before, result.data))
        elif arguments.check:
            terminal.say(f"would lay out {quoted(file.path)}")
        else:
            rewrite(place, file.path, before, result.data)
            terminal.say(f"laid out {quoted(file.path)}")


def _standard_input(arguments: argparse.Namespace, count: _Count) -> None:
    """Standard input laid out on standard output: for editors."""
    count.files += 1
    before = policy_bytes("-")
    result = lay_out("standard input", before)
    if result.data is None:
        _refused(result, count)
        return
    count.changed += result.changed
    if arguments.diff and result.changed:
        terminal.say_all(changes("standard input", before, result.data))
    elif not (arguments.check or arguments.diff):
        terminal.bytes_out().write(result.data)


def _refused(result: LaidOut, count: _Count) -> None:
    terminal.complain_of(result.diagnostics)
    ours = any(diagnostic.code == "IS901" for diagnostic in result.diagnostics)
    count.worst = max(count.worst, exit_codes.INTERNAL if ours else exit_codes.INVALID_POLICY)


def _summary(arguments: argparse.Namespace, count: _Count) -> None:
    if arguments.paths == ["-"]:
        return
    done = "would change" if arguments.check or arguments.diff else "laid out"
    terminal.complain(f"{terminal.counted(count.files, 'file')}: {count.changed} {done}")

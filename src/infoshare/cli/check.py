"""Checks policies: syntax, names, types, circles, every finding.

A PATH is a policy file, or a folder that is searched for .policy files.
"""

import argparse

from infoshare import reports
from infoshare.cli import exit_codes, terminal
from infoshare.cli.files import policies_under
from infoshare.diagnostic import Diagnostic
from infoshare.load import load_result
from infoshare.rendering import render_all

NAME = "check"
SUMMARY = "check policies: syntax, names, types, circles"
EXIT_CODES = """\
exit codes:
  0    clean
  1    warnings only
  3    errors
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("paths", metavar="PATH", nargs="+", help="a policy file, or a folder to search")
    command.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="how findings are printed (text)",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints every finding once, whichever files lead to it, and returns the exit code."""
    findings: dict[object, Diagnostic] = {}
    files = 0
    for file in policies_under(arguments.paths):
        files += 1
        for diagnostic in load_result(file.path, root=arguments.root or file.root).diagnostics:
            findings.setdefault(_identity(diagnostic), diagnostic)
    diagnostics = tuple(findings.values())
    match arguments.format:
        case "json":
            terminal.json_line(reports.as_json(diagnostics))
        case "github":
            terminal.say_all(reports.as_github(diagnostics))
        case "sarif":
            terminal.json_line(reports.as_sarif(diagnostics))
        case _:
            _text(diagnostics, files)
    if terminal.has_errors(diagnostics):
        return exit_codes.of_policy_fault(diagnostics)
    return exit_codes.FINDINGS if diagnostics else exit_codes.OK


def _text(diagnostics: tuple[Diagnostic, ...], files: int) -> None:
    if diagnostics:
        terminal.say(render_all(diagnostics).rstrip("\n"))
    errors = sum(terminal.has_errors([diagnostic]) for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    count = f"{errors} errors, {warnings} warnings" if diagnostics else "nothing found"
    terminal.say(f"{terminal.counted(files, 'file')} checked: {count}")


def _identity(diagnostic: Diagnostic) -> object:
    """Two findings with the same of this are one: a file may be reached from several policies."""
    place = (diagnostic.span.source.path, diagnostic.span.start) if diagnostic.span else None
    return diagnostic.code, diagnostic.message, place

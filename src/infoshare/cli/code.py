"""Prints the page of a diagnostic code: what it means, an example, why it matters, what to write instead.

A CODE is as messages show it, such as IS201, or its name, such as unknown-fact. Without one, all are listed.
"""

import argparse

from infoshare import catalogue
from infoshare.cli import exit_codes, terminal
from infoshare.codes import CODES

EXIT_CODES = """\
exit codes:
  0    printed
  2    no such code
"""
_STAGES = {
    "1": "How a policy is written",
    "2": "Names",
    "3": "Types and values",
    "4": "Cases",
    "5": "Style",
    "6": "What a policy amounts to",
    "7": "Records and decisions",
    "8": "Files",
    "9": "infoshare itself",
}


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument(
        "codes", metavar="CODE", nargs="*", help="a code such as IS201, or its name (all are listed)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the pages that were asked for, or the list of all, and returns the exit code."""
    found = [(asked, catalogue.find(asked)) for asked in arguments.codes]
    unknown = [asked for asked, code in found if code is None]
    for asked in unknown:
        near = catalogue.suggestion(asked)
        help_ = f"did you mean {near}?" if near else "`infoshare code` lists all of them"
        terminal.usage_error(f"there is no code {terminal.quoted(asked)}", help_)
    if unknown:
        return exit_codes.USAGE
    if not found:
        _list()
    for number, (_, code) in enumerate(found):
        if code is not None:
            terminal.say(("\n" if number else "") + catalogue.plain(catalogue.page(code)).rstrip("\n"))
    return exit_codes.OK


def _list() -> None:
    stage = ""
    for code, name in CODES.items():
        if code[2] != stage:
            terminal.say(("\n" if stage else "") + _STAGES[code[2]])
            stage = code[2]
        terminal.say(f"{code} {name}: {catalogue.title(code)}")
    terminal.say("\n`infoshare code CODE` prints the page of one.")

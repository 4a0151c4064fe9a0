"""Reads a policy out in plain English: every clause with its condition, what prevails over what, and the rest.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare.
"""

import argparse
import sys
from datetime import date

from infoshare.analysis.search import Search
from infoshare.authoring.findings import Checked
from infoshare.authoring.left_open import left_open
from infoshare.cli import exit_codes, terminal
from infoshare.diagnostic import Severity
from infoshare.load import load_result
from infoshare.reading_aloud import Reader, read_aloud

EXIT_CODES = """\
exit codes:
  0    it was read
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("policy", metavar="POLICY", help="a policy file, or infoshare:NAME")
    command.add_argument(
        "--vocabulary", action="store_true", help="read the questions and their answers as well"
    )
    command.add_argument("--names", action="store_true", help="say the name of each clause beside it")
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the policy, and returns the exit code."""
    result = load_result(arguments.policy, root=arguments.root)
    checked = Checked.of(result)
    if checked is None:
        errors = [d for d in result.diagnostics if d.severity is Severity.ERROR]
        terminal.complain_of(errors)
        return exit_codes.of_policy_fault(errors)
    model, today = checked.model, date.today()  # noqa: DTZ011 - the day where the person is
    read = read_aloud(
        model,
        vocabulary=arguments.vocabulary,
        names=arguments.names,
        left_open=left_open(checked, Reader(model), Search(model, today), today),
    )
    for line in read.rstrip("\n").split("\n"):
        terminal.say(
            terminal.fitted(line) if sys.stdout.isatty() else terminal.wrapped(line, terminal.WIDEST)
        )
    return exit_codes.OK

"""Reads a policy out in plain English: every clause with its condition, what prevails over what, and the rest.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare.
"""

import argparse
import sys

from infoshare.cli import exit_codes, terminal
from infoshare.errors import PolicyError
from infoshare.load import load
from infoshare.reading_aloud import read_aloud

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
    try:
        policy = load(arguments.policy, root=arguments.root)
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    read = read_aloud(policy.model, vocabulary=arguments.vocabulary, names=arguments.names)
    for line in read.rstrip("\n").split("\n"):
        terminal.say(
            terminal.fitted(line) if sys.stdout.isatty() else terminal.wrapped(line, terminal.WIDEST)
        )
    return exit_codes.OK

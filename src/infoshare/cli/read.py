"""Reads a policy out in plain English: every clause with its condition, what prevails over what, and the rest.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare.
"""

import argparse
import sys

from infoshare.analysis.search import Search
from infoshare.authoring.findings import Checked
from infoshare.authoring.left_open import left_open
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import policy_arguments, today
from infoshare.diagnostic import Severity
from infoshare.errors import PolicyError
from infoshare.explain.aloud import Reader, read_aloud
from infoshare.policy.load import load_result

EXIT_CODES = """\
exit codes:
  0    it was read
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    command.add_argument(
        "--vocabulary", action="store_true", help="read the questions and their answers as well"
    )
    command.add_argument("--names", action="store_true", help="say the name of each clause beside it")


def run(arguments: argparse.Namespace) -> int:
    """Prints the policy, and returns the exit code."""
    result = load_result(arguments.policy, root=arguments.root)
    checked = Checked.of(result)
    if checked is None:
        raise PolicyError([d for d in result.diagnostics if d.severity is Severity.ERROR])
    model, day = checked.model, today()
    read = read_aloud(
        model,
        vocabulary=arguments.vocabulary,
        names=arguments.names,
        left_open=left_open(checked, Reader(model), Search(model, day), day),
    )
    for line in read.rstrip("\n").split("\n"):
        terminal.say(
            terminal.fitted(line) if sys.stdout.isatty() else terminal.wrapped(line, terminal.WIDEST)
        )
    return exit_codes.OK

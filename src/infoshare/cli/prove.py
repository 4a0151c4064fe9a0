"""Holds a promise against every case there can be, and shows a case in which it fails.

PROMISE is what stands in a guarantee: `never share when sharing.prohibited_by_law`, `always requires record`,
`never share for each recipient when recipient.who.suspected`. POLICY is a file, or `infoshare:NAME`.
"""

import argparse

from infoshare.authoring.promised import Proof, prove
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import policy_arguments, today
from infoshare.errors import PolicyError
from infoshare.policy.load import load_result

EXIT_CODES = """\
exit codes:
  0    proved: it holds for every case there can be
  1    it fails in a case, which is shown; or neither is proved
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    command.add_argument("promise", metavar="PROMISE", help="such as 'never share when …'")
    command.add_argument("--json", action="store_true", help="print what was found as one line of JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints whether the promise holds, and returns the exit code."""
    result = load_result(arguments.policy, root=arguments.root)
    if result.policy is None:
        raise PolicyError(result.diagnostics)
    found = prove(result.policy, result.files, arguments.promise, today())
    if arguments.json:
        terminal.json_line(
            {
                "format": "infoshare.proof/1",
                "holds": found.holds,
                "as_of": None if found.as_of is None else found.as_of.isoformat(),
                "outcome": found.outcome,
                "clauses": list(found.by),
                "scenario": found.against.scenario if found.against else None,
            }
        )
    else:
        terminal.say_all(_lines(found))
    return exit_codes.OK if found.holds else exit_codes.FINDINGS


def _lines(found: Proof) -> list[str]:
    if found.holds:
        return ["Proved: it holds for every case there can be."]
    if found.holds is None:
        why = "Not proved: there may be cases in which it fails."
        return [why, found.against.help if found.against else "there are more cases than could be tried"]
    by = f", because of {', '.join(found.by)}" if found.by else ""
    lines = ["It fails. Here is a case:", ""]
    if found.against and found.against.scenario:
        lines += [*found.against.scenario.splitlines(), ""]
    return [*lines, f"What is decided of it, or of the row that shows it: {found.outcome}{by}."]

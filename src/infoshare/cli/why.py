"""Says what kept a case from another answer, or a clause from acting: what is in the way, by which answers, and where that is written.

POLICY is a file, or `infoshare:NAME`. CASE is a JSON, TOML or (with the extra `yaml`) YAML file, or `-` for JSON.
"""

import argparse

from infoshare.authoring.kept_words import why_not_lines
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import (
    case_argument,
    deciding_arguments,
    outcome_named,
    policy_arguments,
    policy_of,
    today,
)
from infoshare.cli.files import facts_from
from infoshare.diagnostic import nearest
from infoshare.errors import Refused
from infoshare.policy.answers import why_not_dict

EXIT_CODES = """\
exit codes:
  0    it was said, whatever it is
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    case_argument(command)
    asked = command.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--not",
        dest="outcome",
        metavar="OUTCOME",
        type=outcome_named,
        help="the answer that it is not: share, …",
    )
    asked.add_argument("--clause", metavar="NAME", help="the clause or exception that does not act")
    deciding_arguments(command)
    command.add_argument("--json", action="store_true", help="print it as one line of JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints what kept it, and returns the exit code."""
    policy = policy_of(arguments, decides=True)
    model = policy.model
    name = arguments.clause
    if name is not None and name not in model.clauses and name not in model.exceptions:
        near = nearest(name, [*model.clauses, *model.exceptions])
        help_ = f"did you mean `{near}`?" if near else "`infoshare read` lists the clauses"
        raise Refused(f"there is no clause or exception {terminal.quoted(name)}", help_)
    decision = policy.decide(
        facts_from(arguments.case), as_of=arguments.as_of or today(), presume=not arguments.no_presumptions
    )
    found = decision.why_not(arguments.outcome) if name is None else decision.why_not(clause=name)
    if arguments.json:
        terminal.json_line(why_not_dict(found))
    else:
        terminal.say_all(why_not_lines(model, found, decision.outcome))
    return exit_codes.OK

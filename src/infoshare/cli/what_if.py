"""Finds the smallest changes of a case that would lead to another answer: for whoever reviews a case, or writes a policy.

Never changed are facts that cannot be otherwise (`fixed` in the vocabulary), what the lists of the case hold, and what
--keep names; never proposed is what is impossible. POLICY is a file, or `infoshare:NAME`. CASE is a JSON, TOML or
YAML file, or `-` for JSON.
"""

import argparse

from infoshare.authoring.kept_words import what_if_lines
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
from infoshare.policy.answers import what_if_dict

EXIT_CODES = """\
exit codes:
  0    it was said, whatever it is
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    case_argument(command)
    command.add_argument(
        "--to", metavar="OUTCOME", type=outcome_named, help="the answer to look for (any other)"
    )
    command.add_argument(
        "--keep",
        metavar="FACT,…",
        action="append",
        default=[],
        help="facts, or groups of facts, that stay as they are, with commas between them",
    )
    command.add_argument("--limit", metavar="N", type=int, default=20, help="the most changes to give (20)")
    deciding_arguments(command)
    command.add_argument("--json", action="store_true", help="print them as one line of JSON")


def run(arguments: argparse.Namespace) -> int:
    """Prints the changes, and returns the exit code."""
    policy = policy_of(arguments, decides=True)
    keep = [name.strip() for each in arguments.keep for name in each.split(",") if name.strip()]
    for name in keep:
        if name not in policy.model.facts and name not in policy.model.groups and "[" not in name:
            near = nearest(name, [*policy.model.facts, *policy.model.groups])
            help_ = f"did you mean `{near}`?" if near else "name a fact such as `consent.status`, or a group"
            raise Refused(f"there is no fact {terminal.quoted(name)}", help_)
    decision = policy.decide(
        facts_from(arguments.case), as_of=arguments.as_of or today(), presume=not arguments.no_presumptions
    )
    found = decision.changes(
        to=arguments.to, keep=keep, limit=max(1, arguments.limit), presume=not arguments.no_presumptions
    )
    if arguments.json:
        terminal.json_line(what_if_dict(found))
    else:
        terminal.say_all(what_if_lines(policy.model, found, decision.outcome, arguments.to))
    return exit_codes.OK

"""Writes a policy as one page to read and to sign: every clause in plain English beside what it cites.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. The page is one HTML file that
needs nothing else: it can be sent, printed and filed.
"""

import argparse
from collections.abc import Iterator

from infoshare.authoring.page import Examples, page
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import output_argument, output_of, policy_arguments, today
from infoshare.cli.files import policies_under
from infoshare.cli.terminal import quoted
from infoshare.errors import PolicyError, Refused
from infoshare.policy.load import load, load_result
from infoshare.policy.policy import Policy

EXIT_CODES = """\
exit codes:
  0    the page was written
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    output_argument(command, "the page")
    command.add_argument(
        "--since", metavar="OLD", help="an earlier version of the policy: say first what changes"
    )
    command.add_argument(
        "--scenarios",
        metavar="PATH",
        nargs="+",
        default=[],
        help="files, or folders to search, with scenarios of this policy to show",
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the page, and returns the exit code."""
    own = _loaded(arguments.policy, arguments.root)
    found = [own, *_scenarios(own.policy, arguments)]
    since = (
        None if arguments.since is None else load(arguments.since, root=arguments.root).compare(own.policy)
    )
    inputs = [each.path for examples in found for each in examples.files]
    inputs += [] if arguments.since is None else [arguments.since]
    output = output_of(arguments, arguments.output, inputs)
    text = page(own.policy, found, today=today(), since=since)
    if output is None:
        terminal.say(text.rstrip("\n"))
    else:
        output.write(text.encode())
    return exit_codes.OK


def _loaded(path: str, root: str | None) -> Examples:
    result = load_result(path, root=root)
    if result.policy is None:
        raise PolicyError(result.diagnostics)
    return Examples(result.policy, result.files)


def _scenarios(policy: Policy, arguments: argparse.Namespace) -> Iterator[Examples]:
    """Those of the files; of a folder, the files that hold scenarios of this policy."""
    for name in arguments.scenarios:
        for file in policies_under([name]):
            loaded = _loaded(file.path, arguments.root or file.root)
            if _is_same(policy, loaded.policy) and loaded.policy.scenarios:
                yield loaded
            elif file.path == name:
                raise Refused(
                    f"{quoted(name)} holds no scenarios of this policy",
                    "give a file that uses the policy, and says `scenario`",
                )


def _is_same(policy: Policy, other: Policy) -> bool:
    one, two = policy.model, other.model
    return (one.header, one.clauses, one.exceptions, one.duties) == (
        two.header,
        two.clauses,
        two.exceptions,
        two.duties,
    )

"""Arguments that several commands take: declared in one way, and read in one way.

Deliberately not here: arguments of one command alone.
"""

import argparse
import os
import re
from collections.abc import Iterable
from datetime import date

from infoshare.diagnostic import Diagnostic
from infoshare.errors import PolicyError
from infoshare.outcome import OUTCOMES, Outcome
from infoshare.policy.files import SHIPPED, shipped_folder
from infoshare.policy.load import load
from infoshare.policy.policy import Policy
from infoshare.text import quoted
from infoshare.writing import Output


def policy_arguments(command: argparse.ArgumentParser) -> None:
    """POLICY and --root; read them with `policy_of`."""
    command.add_argument("policy", metavar="POLICY", help="a policy file, or infoshare:NAME")
    root_argument(command)


def paths_arguments(command: argparse.ArgumentParser, *, also: str = "") -> None:
    """PATH… and --root."""
    help_ = f"a policy file, {'a folder to search, ' + also if also else 'or a folder to search'}"
    command.add_argument("paths", metavar="PATH", nargs="+", help=help_)
    root_argument(command)


def root_argument(command: argparse.ArgumentParser) -> None:
    """--root."""
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def case_argument(command: argparse.ArgumentParser) -> None:
    """CASE."""
    command.add_argument(
        "case", metavar="CASE", help="a .json, .toml or .yaml file, or - for JSON on standard input"
    )


def deciding_arguments(command: argparse.ArgumentParser) -> None:
    """--as-of and --no-presumptions."""
    command.add_argument(
        "--as-of", metavar="DATE", type=calendar_day, help="the day to decide for, such as 2026-01-31 (today)"
    )
    command.add_argument(
        "--no-presumptions",
        action="store_true",
        help="take unanswered facts as unknown, whatever the policy presumes",
    )


def exit_code_argument(command: argparse.ArgumentParser) -> None:
    """--exit-code."""
    command.add_argument(
        "--exit-code",
        action="store_true",
        help="tell by the exit code what came of one case: 0 only where everything may go",
    )


def full_argument(command: argparse.ArgumentParser) -> None:
    """--full."""
    command.add_argument(
        "--full", action="store_true", help="say all there is to say, not what to read first"
    )


def output_argument(command: argparse.ArgumentParser, what: str, *flags: str) -> None:
    """FILE that something is written to, and --force; read it with `output_of`."""
    command.add_argument(
        *(flags or ("-o", "--output")),
        metavar="FILE",
        help=f"write {what} there, to a new file, not to standard output (-)",
    )
    force_argument(command)


def force_argument(command: argparse.ArgumentParser) -> None:
    """--force."""
    command.add_argument(
        "--force",
        action="store_true",
        help="write over a file that is there; never over what the command reads, nor a ledger or its keys",
    )


def today() -> date:
    """The day where the person is: only the doors read the clock."""
    return date.today()  # noqa: DTZ011


def calendar_day(text: str) -> date:
    """A calendar date as the language writes it; `fromisoformat` would read more than that."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(
        f"{quoted(text)} is not a date: write the year, the month and the day, such as 2026-01-31"
    )


def outcome_named(text: str) -> Outcome:
    """An outcome, as the language or as JSON writes it."""
    found = next((each for each in OUTCOMES if text.strip().lower().replace(" ", "_") == each.value), None)
    if found is None:
        known = ", ".join(each.words for each in OUTCOMES)
        raise argparse.ArgumentTypeError(f"{quoted(text)} is no outcome: {known}")
    return found


def policy_of(arguments: argparse.Namespace, *, decides: bool = False) -> Policy:
    """The policy that is asked for.

    Args:
        decides: whether it is to decide cases, which a library without clauses cannot.

    Raises:
        PolicyError: it cannot be loaded, or not decide.
    """
    policy = load(arguments.policy, root=arguments.root)
    if decides and policy.name is None and not policy.model.clauses:
        message = f"expected a policy, found a library without clauses in {quoted(arguments.policy)}"
        raise PolicyError([Diagnostic("IS808", message, help=("give the policy that uses it",))])
    return policy


def files_of(policy: Policy, arguments: argparse.Namespace) -> tuple[str, ...]:
    """The paths of the files that POLICY was loaded from."""
    own = arguments.root or os.path.dirname(arguments.policy)
    return tuple(
        os.path.join(shipped_folder(), name.removeprefix(SHIPPED) + ".policy")
        if name.startswith(SHIPPED)
        else os.path.join(own, name)
        for name in policy.sources
    )


def output_of(
    arguments: argparse.Namespace, name: str | None, inputs: Iterable[str] = (), *, private: bool = False
) -> Output | None:
    """The file of that name, looked at before any work is done; None for standard output.

    Args:
        inputs: the files that the command reads.
        private: whether it will hold facts.

    Raises:
        Refused: it may not be written.
    """
    if name in {None, "-"}:
        return None
    return Output.at(name or "", inputs=inputs, force=arguments.force, private=private)

"""Decides cases by a policy, and says why.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. A CASE is a JSON, TOML
or (with the extra `yaml`) YAML file, or `-` for JSON on standard input. A file that ends in .ndjson or
.jsonl holds many, one a line. Put `--` before names that begin with a dash.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from infoshare.casefile import holds_lines
from infoshare.cli import exit_codes, pretty, terminal
from infoshare.cli.arguments import (
    deciding_arguments,
    exit_code_argument,
    full_argument,
    policy_arguments,
    policy_of,
    today,
)
from infoshare.cli.files import cases_from
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, Refused, not_decided
from infoshare.policy.decision import Decision
from infoshare.policy.policy import Policy

EXIT_CODES = f"""\
exit codes:
  0    decided, whatever the outcome
{exit_codes.BY_OUTCOME}"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    policy_arguments(command)
    command.add_argument(
        "cases",
        metavar="CASE",
        nargs="+",
        help="a .json, .toml, .yaml or .ndjson file, or - for JSON on standard input",
    )
    deciding_arguments(command)
    command.add_argument(
        "--json", action="store_true", help="print each decision as one line of JSON, in order"
    )
    full_argument(command)
    command.add_argument(
        "--ndjson", action="store_true", help="read every CASE as many cases, one a line (so `-` too)"
    )
    exit_code_argument(command)


@attrs.frozen
class _Answer:
    """What became of one case: a decision, or the exit code and what is wrong."""

    name: str
    decision: Decision | None = None
    code: int = exit_codes.OK
    diagnostics: tuple[Diagnostic, ...] = ()


def run(arguments: argparse.Namespace) -> int:
    """Decides every case, prints in the order given, and returns the exit code."""
    if arguments.cases.count("-") > 1:
        raise Refused("standard input can be read once only", "give `-` at most once")
    policy = policy_of(arguments, decides=True)
    day = arguments.as_of or today()
    presume = not arguments.no_presumptions
    lines = arguments.ndjson or any(holds_lines(name) for name in arguments.cases)
    several = len(arguments.cases) > 1 or lines
    codes: set[int] = set()
    told: list[tuple[str, Decision | None]] = []
    only: Decision | None = None
    for number, answer in enumerate(
        _answers(policy, arguments.cases, day, presume=presume, lines=arguments.ndjson)
    ):
        codes.add(answer.code)
        only = answer.decision
        if arguments.json:
            terminal.json_line(_error_dict(answer) if answer.decision is None else answer.decision.to_dict())
        else:
            _tell(answer, heading=several, first=number == 0, full=arguments.full)
            told += [(answer.name, answer.decision)] if sys.stdout.isatty() else []
        if answer.decision is None:
            terminal.complain_of_case(answer.name, answer.diagnostics)
    if several and told:
        pretty.say_summary(told)
    if worst := max(codes, default=exit_codes.OK):
        return worst
    if arguments.exit_code and only is not None and not several:
        return exit_codes.of_decision(only)
    return exit_codes.OK


def _answers(
    policy: Policy, names: Sequence[str], day: date, *, presume: bool, lines: bool
) -> Iterator[_Answer]:
    """What becomes of every case, in order; a file that cannot be read is an answer too."""
    for name in names:
        try:
            for called, (facts, diagnostics) in cases_from(name, lines=lines):
                if facts is None:
                    yield _Answer(called, code=exit_codes.INVALID_CASE, diagnostics=diagnostics)
                else:
                    yield _decide(policy, called, facts, day, presume=presume)
        except Refused as error:
            unreadable = Diagnostic("IS803", str(error), help=error.help)
            yield _Answer(name, code=exit_codes.USAGE, diagnostics=(unreadable,))


def _decide(policy: Policy, name: str, facts: Mapping[str, Any], day: date, *, presume: bool) -> _Answer:
    try:
        return _Answer(name, policy.decide(facts, as_of=day, presume=presume))
    except FactsError as error:
        return _Answer(name, code=exit_codes.INVALID_CASE, diagnostics=error.diagnostics)


def _tell(answer: _Answer, *, heading: bool, first: bool, full: bool) -> None:
    if heading:
        terminal.say(("" if first else "\n") + f"== {terminal.quoted(answer.name)}")
    if answer.decision is None:
        if heading:
            terminal.say("nothing was decided")
    else:
        terminal.say_decision(answer.decision, full=full)


def _error_dict(answer: _Answer) -> dict[str, Any]:
    """The line for a case that nothing was decided for."""
    kind = "unreadable_case" if answer.code == exit_codes.USAGE else "invalid_case"
    return not_decided(terminal.visible(answer.name), kind, answer.diagnostics)

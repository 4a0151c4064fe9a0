"""Decides cases by a policy, and says why.

POLICY is a file, or `infoshare:NAME` for a policy that comes with infoshare. A CASE is a JSON, TOML
or (with the extra `yaml`) YAML file, or `-` for JSON on standard input. A file that ends in .ndjson or
.jsonl holds many, one a line. Put `--` before names that begin with a dash.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from infoshare.casefile import holds_lines
from infoshare.cli import exit_codes, pretty, terminal
from infoshare.cli.files import CannotRead, cases_from
from infoshare.diagnostic import Diagnostic
from infoshare.errors import FactsError, PolicyError
from infoshare.load import Policy, load
from infoshare.policy.decision import Decision

EXIT_CODES = f"""\
exit codes:
  0    decided, whatever the outcome
{exit_codes.BY_OUTCOME}"""
ERROR_FORMAT = "infoshare.error/1"


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("policy", metavar="POLICY", help="a policy file, or infoshare:NAME")
    command.add_argument(
        "cases",
        metavar="CASE",
        nargs="+",
        help="a .json, .toml, .yaml or .ndjson file, or - for JSON on standard input",
    )
    command.add_argument(
        "--as-of", metavar="DATE", type=calendar_day, help="the day to decide for, such as 2026-01-31 (today)"
    )
    command.add_argument(
        "--json", action="store_true", help="print each decision as one line of JSON, in order"
    )
    command.add_argument(
        "--ndjson", action="store_true", help="read every CASE as many cases, one a line (so `-` too)"
    )
    command.add_argument(
        "--exit-code",
        action="store_true",
        help="tell by the exit code what came of one case: 0 only where everything may go",
    )
    command.add_argument(
        "--no-presumptions",
        action="store_true",
        help="take unanswered facts as unknown, whatever the policy presumes",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


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
        terminal.usage_error("standard input can be read once only", "give `-` at most once")
        return exit_codes.USAGE
    try:
        policy = load(arguments.policy, root=arguments.root)
    except PolicyError as error:
        terminal.complain_of(error.diagnostics)
        return exit_codes.of_policy_fault(error.diagnostics)
    if policy.name is None and not policy.model.clauses:
        terminal.complain_of([_library(arguments.policy)])
        return exit_codes.INVALID_POLICY
    day = arguments.as_of or date.today()  # noqa: DTZ011 - the day where the person is
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
            _tell(answer, heading=several, first=number == 0)
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


def _library(name: str) -> Diagnostic:
    message = f"expected a policy, found a library without clauses in {terminal.quoted(name)}"
    return Diagnostic("IS808", message, help=("give the policy that uses it",))


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
        except CannotRead as error:
            unreadable = Diagnostic("IS803", str(error), help=error.help)
            yield _Answer(name, code=exit_codes.USAGE, diagnostics=(unreadable,))


def _decide(policy: Policy, name: str, facts: Mapping[str, Any], day: date, *, presume: bool) -> _Answer:
    try:
        return _Answer(name, policy.decide(facts, as_of=day, presume=presume))
    except FactsError as error:
        return _Answer(name, code=exit_codes.INVALID_CASE, diagnostics=error.diagnostics)


def _tell(answer: _Answer, *, heading: bool, first: bool) -> None:
    if heading:
        terminal.say(("" if first else "\n") + f"== {terminal.quoted(answer.name)}")
    if answer.decision is None:
        if heading:
            terminal.say("nothing was decided")
    else:
        terminal.say_decision(answer.decision)


def _error_dict(answer: _Answer) -> dict[str, Any]:
    """The line for a case that nothing was decided for."""
    kind = "unreadable_case" if answer.code == exit_codes.USAGE else "invalid_case"
    return {
        "format": ERROR_FORMAT,
        "case": terminal.visible(answer.name),
        "error": {
            "kind": kind,
            "diagnostics": [diagnostic.to_dict() for diagnostic in answer.diagnostics],
        },
    }


def calendar_day(text: str) -> date:
    """A calendar date as the language writes it; `fromisoformat` would read more than that."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(
        f"{terminal.quoted(text)} is not a date: write the year, the month and the day, such as 2026-01-31"
    )

"""Runs every scenario of the policies, and holds every guarantee against them.

A PATH is a policy file, or a folder that is searched for .policy files. A file without scenarios
passes. Where one fails, what was expected stands beside what was decided, and why.
"""

import argparse
from datetime import date
from pathlib import Path

import attrs

from infoshare.authoring.comparison import side_by_side
from infoshare.authoring.junit import Suite, junit
from infoshare.cli import exit_codes, terminal
from infoshare.cli.files import CannotRead, PolicyPath, policies_under
from infoshare.load import Policy, load_result
from infoshare.scenarios import ScenarioResult, run_scenarios

NAME = "test"
SUMMARY = "run the scenarios of policies"
EXIT_CODES = """\
exit codes:
  0    every scenario passed
  1    at least one failed
"""


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    command.add_argument("paths", metavar="PATH", nargs="+", help="a policy file, or a folder to search")
    command.add_argument(
        "-k",
        metavar="WORDS",
        action="append",
        dest="words",
        help="only scenarios whose title holds these words; may be given again for others",
    )
    command.add_argument("--junit", metavar="FILE", help="also write what became of them as JUnit XML")
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints each failure and the count, and returns the exit code."""
    suites: list[Suite] = []
    worst = exit_codes.OK
    for file in policies_under(arguments.paths):
        loaded = load_result(file.path, root=arguments.root or file.root)
        if loaded.policy is None:
            terminal.complain_of(loaded.diagnostics)
            worst = max(worst, exit_codes.of_policy_fault(loaded.diagnostics))
            suites.append(Suite(file.path, diagnostics=loaded.diagnostics))
            continue
        chosen = _chosen(loaded.policy, arguments.words)
        results = run_scenarios(chosen, today=date.today())  # noqa: DTZ011 - the day where the person is
        suites.append(Suite(file.path, results))
        for result in results:
            if not result.passed:
                _report(file, result)
    every = [result for suite in suites for result in suite.results]
    failed = sum(not result.passed for result in every)
    if arguments.junit is not None:
        _write(arguments.junit, junit(suites))
    if arguments.words and not every and not worst:
        raise CannotRead("no scenario has these words in its title", "leave out -k to run them all")
    terminal.say(f"{terminal.counted(len(every), 'scenario')}: {len(every) - failed} passed, {failed} failed")
    return worst or (exit_codes.FINDINGS if failed else exit_codes.OK)


def _chosen(policy: Policy, words: list[str] | None) -> Policy:
    """The policy with the scenarios whose title holds any of the words, in capitals or not."""
    if words is None:
        return policy
    wanted = [word.casefold() for word in words]
    scenarios = tuple(s for s in policy.scenarios if any(word in s.title.casefold() for word in wanted))
    return attrs.evolve(policy, scenarios=scenarios)


def _report(file: PolicyPath, result: ScenarioResult) -> None:
    terminal.say(f"FAILED {terminal.quoted(file.path)}:{result.span.line} {result.title}")
    terminal.say_all(side_by_side(result))
    terminal.say("")


def _write(name: str, data: bytes) -> None:
    try:
        Path(name).write_bytes(data)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a name of a file"
        raise CannotRead(f"{terminal.quoted(name)} cannot be written: {reason.lower()}") from None

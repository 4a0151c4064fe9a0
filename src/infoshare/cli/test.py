"""Runs every scenario of the policies, and holds every guarantee against them.

A PATH is a policy file, or a folder that is searched for .policy files. A file without scenarios
passes.
"""

import argparse
from datetime import date

from infoshare.cli import exit_codes, terminal
from infoshare.cli.files import PolicyPath, policies_under
from infoshare.load import load_result
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
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints each failure and the count, and returns the exit code."""
    passed = failed = 0
    worst = exit_codes.OK
    for file in policies_under(arguments.paths):
        result = load_result(file.path, root=arguments.root or file.root)
        if result.policy is None:
            terminal.complain_of(result.diagnostics)
            worst = max(worst, exit_codes.of_policy_fault(result.diagnostics))
            continue
        for scenario in run_scenarios(result.policy, today=date.today()):  # noqa: DTZ011 - the day where the person is
            if scenario.passed:
                passed += 1
            else:
                failed += 1
                _report(file, scenario)
    terminal.say(f"{terminal.counted(passed + failed, 'scenario')}: {passed} passed, {failed} failed")
    return worst or (exit_codes.FINDINGS if failed else exit_codes.OK)


def _report(file: PolicyPath, scenario: ScenarioResult) -> None:
    terminal.say(f"FAILED {terminal.quoted(file.path)}:{scenario.span.line} {scenario.title}")
    for problem in scenario.problems:
        terminal.say(f"  {problem}")

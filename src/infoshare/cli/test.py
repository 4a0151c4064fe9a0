"""Runs every scenario of the policies, and holds every guarantee against them.

A PATH is a policy file, or a folder that is searched for .policy files. A file without scenarios
passes. Where one fails, what was expected stands beside what was decided, and why.
With --coverage, which conditions the scenarios show to matter; with --mutate, which slips none would notice.
"""

import argparse
from collections.abc import Callable
from datetime import date

import attrs

from infoshare.authoring.comparison import side_by_side
from infoshare.authoring.junit import Suite, junit
from infoshare.cli import exit_codes, shown_to_matter, terminal
from infoshare.cli.arguments import output_argument, output_of
from infoshare.cli.files import CannotRead, PolicyPath, policies_under
from infoshare.load import Policy, load_result
from infoshare.scenarios import ScenarioResult, run_scenarios

EXIT_CODES = """\
exit codes:
  0    every scenario passed
  1    at least one failed, or a figure is below --fail-under
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
    output_argument(command, "what became of them, as JUnit XML,", "--junit")
    command.add_argument(
        "--coverage", action="store_true", help="say which conditions the scenarios show to matter, both ways"
    )
    command.add_argument(
        "--mutate",
        action="store_true",
        help="change the policies one spot at a time, and say what nothing noticed",
    )
    command.add_argument(
        "--fail-under",
        metavar="N",
        type=shown_to_matter.percent,
        help="exit with 1 where a figure is below N per cent",
    )
    command.add_argument(
        "--format",
        choices=shown_to_matter.FORMATS,
        default="text",
        help="how coverage and mutants are printed",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that no used file may lie outside of (the policy's own)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints each failure and the count, and returns the exit code."""
    shown_to_matter.check(arguments)
    say = terminal.say if arguments.format == "text" and arguments.junit != "-" else terminal.complain
    output = output_of(arguments, arguments.junit)
    read: list[str] = []
    measured = shown_to_matter.Measured()
    suites: list[Suite] = []
    worst = exit_codes.OK
    for file in policies_under(arguments.paths):
        loaded = load_result(file.path, root=arguments.root or file.root)
        read += [file.path, *(each.path for each in loaded.files)]
        if loaded.policy is None:
            terminal.complain_of(loaded.diagnostics)
            worst = max(worst, exit_codes.of_policy_fault(loaded.diagnostics))
            suites.append(Suite(file.path, diagnostics=loaded.diagnostics))
            continue
        chosen = _chosen(loaded.policy, arguments.words)
        measured.add(file, attrs.evolve(loaded, policy=chosen))
        results = run_scenarios(chosen, today=date.today())  # noqa: DTZ011 - the day where the person is
        suites.append(Suite(file.path, results))
        for result in results:
            if not result.passed:
                _report(file, result, say)
    every = [result for suite in suites for result in suite.results]
    failed = sum(not result.passed for result in every)
    if arguments.junit is not None:
        report = junit(suites)
        if output is None:
            terminal.bytes_out().write(report)
        else:
            output.apart_from(read).write(report)
    if arguments.words and not every and not worst:
        raise CannotRead("no scenario has these words in its title", "leave out -k to run them all")
    say(f"{terminal.counted(len(every), 'scenario')}: {len(every) - failed} passed, {failed} failed")
    enough = measured.report(arguments)
    return worst or (exit_codes.OK if enough and not failed else exit_codes.FINDINGS)


def _chosen(policy: Policy, words: list[str] | None) -> Policy:
    """The policy with the scenarios whose title holds any of the words, in capitals or not."""
    if words is None:
        return policy
    wanted = [word.casefold() for word in words]
    scenarios = tuple(s for s in policy.scenarios if any(word in s.title.casefold() for word in wanted))
    return attrs.evolve(policy, scenarios=scenarios)


def _report(file: PolicyPath, result: ScenarioResult, say: Callable[[str], None]) -> None:
    say(f"FAILED {terminal.quoted(file.path)}:{result.span.line} {result.title}")
    for line in side_by_side(result):
        say(line)
    say("")

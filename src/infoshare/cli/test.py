"""Runs every scenario of the policies, and holds every guarantee against them.

A PATH is a policy file, or a folder that is searched for .policy files. A file without scenarios
passes. Where one fails, what was expected stands beside what was decided, and why.
With --coverage, which conditions the scenarios show to matter; with --mutate, which slips none would notice.
"""

import argparse
from collections.abc import Callable, Sequence

import attrs

from infoshare.authoring.comparison import side_by_side
from infoshare.authoring.coverage import Coverage, measure, measure_library
from infoshare.authoring.coverage_page import page
from infoshare.authoring.coverage_report import coverage_json, coverage_lines, mutation_json, mutation_lines
from infoshare.authoring.junit import Suite, junit
from infoshare.authoring.mutation import STEPS, Mutation, mutate, mutate_library
from infoshare.budget import Budget
from infoshare.cli import exit_codes, terminal
from infoshare.cli.arguments import output_argument, output_of, paths_arguments, today
from infoshare.cli.files import PolicyPath, policies_under
from infoshare.errors import Refused
from infoshare.meaning.resolver import ParsedFile
from infoshare.policy.load import load_result
from infoshare.policy.policy import Policy
from infoshare.scenarios import ScenarioResult, run_scenarios
from infoshare.syntax.tree import PolicyDecl

EXIT_CODES = """\
exit codes:
  0    every scenario passed
  1    at least one failed, or a figure is below --fail-under (or not known, as not every mutant was tried)
"""


FORMATS = ("text", "json", "html")


def arguments(command: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    paths_arguments(command)
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
        type=_percent,
        help="exit with 1 where a figure is below N per cent",
    )
    command.add_argument(
        "--steps",
        metavar="N",
        type=_steps,
        default=STEPS,
        help=f"how many steps --mutate may take for a policy ({STEPS})",
    )
    command.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="how coverage and mutants are printed",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints each failure and the count, and returns the exit code."""
    _check(arguments)
    say = terminal.say if arguments.format == "text" and arguments.junit != "-" else terminal.complain
    output = output_of(arguments, arguments.junit)
    read: list[str] = []
    measured = _Measured()
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
        measured.add(file, chosen, loaded.files)
        results = run_scenarios(chosen, today=today())
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
        raise Refused("no scenario has these words in its title", "leave out -k to run them all")
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


def _percent(text: str) -> float:
    """A number from 0 to 100."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("a number from 0 to 100 was expected")
    return number


def _steps(text: str) -> int:
    """A number of steps."""
    number = int(text) if text.isdecimal() else 0
    if not number:
        raise argparse.ArgumentTypeError("a number of steps was expected, such as 10000000")
    return number


def _check(arguments: argparse.Namespace) -> None:
    """Refuses options that say nothing together. Raises Refused."""
    if not (arguments.coverage or arguments.mutate) and (
        arguments.fail_under is not None or arguments.format != "text"
    ):
        raise Refused("there is nothing to measure", "add --coverage, --mutate or both")
    if arguments.format == "html" and not arguments.coverage:
        raise Refused("only coverage is shown as a page", "add --coverage, or choose --format json")


@attrs.define
class _Measured:
    """The policies tried, each once, with the scenarios of every file that has some for it; and the libraries among them."""

    policies: dict[tuple[str | None, str], tuple[Policy, Sequence[ParsedFile]]] = attrs.field(factory=dict)
    libraries: dict[tuple[str | None, str], ParsedFile] = attrs.field(factory=dict)

    def add(self, file: PolicyPath, policy: Policy, files: Sequence[ParsedFile]) -> None:
        """Takes in what one file holds."""
        if policy.name is None:
            self.libraries[file.root, files[-1].path] = files[-1]
            return
        (path,) = (
            each.path
            for each in files
            for node in each.tree.declarations
            if isinstance(node, PolicyDecl) and node.name.text == policy.name
        )
        before, _ = self.policies.get((file.root, path), (None, ()))
        if before is not None:
            policy = attrs.evolve(before, scenarios=(*before.scenarios, *policy.scenarios))
        self.policies[file.root, path] = policy, files

    def _using(self, root: str | None, path: str) -> list[tuple[Policy, Sequence[ParsedFile]]]:
        """The policies that use a library, each with its files."""
        return [
            (policy, files)
            for (other, _), (policy, files) in self.policies.items()
            if other == root and any(each.path == path for each in files)
        ]

    def report(self, arguments: argparse.Namespace) -> bool:
        """Prints what was asked for, and returns whether every figure is as high as wanted."""
        found, day = self.policies.values(), today()
        coverages: list[Coverage] = []
        mutations: list[Mutation] = []
        libraries = [(each, using) for key, each in self.libraries.items() if (using := self._using(*key))]
        if arguments.coverage:
            coverages = [measure(*each, today=day) for each in found]
            shared = [measure_library(each, [p for p, _ in using], today=day) for each, using in libraries]
            coverages += [each for each in shared if each.occurrences]
        if arguments.mutate:
            steps = arguments.steps
            mutations = [mutate(*each, today=day, budget=Budget(steps)) for each in found]
            tried = [mutate_library(*each, today=day, budget=Budget(steps)) for each in libraries]
            mutations += [each for each in tried if each.trials or each.untried]
        _print(arguments.format, coverages, mutations)
        figures = [each.of_decisions for each in coverages] + [each.score for each in mutations]
        if arguments.fail_under is None:
            return True
        # a score of some of the mutants does not say that all of them would reach it
        return (
            not any(each.untried for each in mutations) and min(figures, default=100) >= arguments.fail_under
        )


def _print(format_: str, coverages: list[Coverage], mutations: list[Mutation]) -> None:
    match format_:
        case "html":
            terminal.write(page(coverages))  # escaped already, and safe in any terminal
            for line in (line for mutation in mutations for line in mutation_lines(mutation)):
                terminal.complain(line)
        case "json":
            for value in (*map(coverage_json, coverages), *map(mutation_json, mutations)):
                terminal.json_line(value)
        case _:
            for lines in (*map(coverage_lines, coverages), *map(mutation_lines, mutations)):
                terminal.say("")
                terminal.say_all(lines)

"""What `infoshare test` says with --coverage and --mutate: measured once for each policy, over all its scenarios.

Several files may hold the scenarios of one policy. Deliberately not here: measuring (`authoring.coverage`,
`authoring.mutation`).
"""

import argparse
from datetime import date

import attrs

from infoshare.authoring.coverage import Coverage, measure
from infoshare.authoring.coverage_page import page
from infoshare.authoring.coverage_report import coverage_json, coverage_lines, mutation_json, mutation_lines
from infoshare.authoring.mutation import Mutation, mutate
from infoshare.cli import terminal
from infoshare.cli.files import CannotRead, PolicyPath
from infoshare.load import LoadResult
from infoshare.syntax import tree as t

FORMATS = ("text", "json", "html")


def percent(text: str) -> float:
    """A number from 0 to 100."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 100:
        raise argparse.ArgumentTypeError("a number from 0 to 100 was expected")
    return number


def check(arguments: argparse.Namespace) -> None:
    """Refuses options that say nothing together. Raises CannotRead."""
    if not (arguments.coverage or arguments.mutate) and (
        arguments.fail_under is not None or arguments.format != "text"
    ):
        raise CannotRead("there is nothing to measure", "add --coverage, --mutate or both")
    if arguments.format == "html" and not arguments.coverage:
        raise CannotRead("only coverage is shown as a page", "add --coverage, or choose --format json")


@attrs.define
class Measured:
    """The policies tried, each once, with the scenarios of every file that has some for it."""

    policies: dict[tuple[str | None, str], LoadResult] = attrs.field(factory=dict)

    def add(self, file: PolicyPath, loaded: LoadResult) -> None:
        """Takes in what one file holds; a library holds nothing to measure."""
        model = loaded.policy.model if loaded.policy else None
        if loaded.policy is None or model is None or model.header is None:
            return
        headers = {
            node.name.text: each.path
            for each in loaded.files
            for node in each.tree.declarations
            if isinstance(node, t.PolicyDecl)
        }
        key = (file.root, headers[model.header.name])
        before = self.policies.get(key)
        if before is None or before.policy is None:
            self.policies[key] = loaded
        else:
            scenarios = (*before.policy.scenarios, *loaded.policy.scenarios)
            self.policies[key] = attrs.evolve(before, policy=attrs.evolve(before.policy, scenarios=scenarios))

    def report(self, arguments: argparse.Namespace) -> bool:
        """Prints what was asked for, and returns whether every figure is as high as wanted."""
        today = date.today()  # noqa: DTZ011 - the day where the person is
        found = [(r.policy, r.files) for r in self.policies.values() if r.policy is not None]
        coverages = (
            [measure(policy, files, today=today) for policy, files in found] if arguments.coverage else []
        )
        mutations = (
            [mutate(policy, files, today=today) for policy, files in found] if arguments.mutate else []
        )
        _print(arguments.format, coverages, mutations)
        figures = [each.of_decisions for each in coverages] + [each.score for each in mutations]
        return arguments.fail_under is None or all(figure >= arguments.fail_under for figure in figures)


def _print(format_: str, coverages: list[Coverage], mutations: list[Mutation]) -> None:
    match format_:
        case "html":
            terminal.write(page(coverages))  # escaped already, and safe in any terminal
            for mutation in mutations:
                for line in mutation_lines(mutation):
                    terminal.complain(line)
        case "json":
            for coverage in coverages:
                terminal.json_line(coverage_json(coverage))
            for mutation in mutations:
                terminal.json_line(mutation_json(mutation))
        case _:
            for lines in (*map(coverage_lines, coverages), *map(mutation_lines, mutations)):
                terminal.say("")
                terminal.say_all(lines)

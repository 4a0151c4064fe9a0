"""A pytest plugin that collects the scenarios of .policy files beside the tests of an author's own repository.

Invariant: it does nothing until it is asked to, by `infoshare_scenarios = true` in the configuration of pytest or by
`--infoshare-scenarios`; then every scenario is a test of its own, with its line and its title.
Deliberately not here: trying scenarios (`infoshare.scenarios`), what is printed (`infoshare.authoring.comparison`).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from infoshare.scenarios import ScenarioResult

_OPTION = "infoshare_scenarios"


class ScenarioFailed(Exception):  # noqa: N818 - says what happened
    """A scenario that does not hold; the lines say what was expected, what was decided and why."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two ways to ask for it."""
    about = "collect the scenarios of .policy files"
    parser.addini(_OPTION, about, type="bool", default=False)
    group = parser.getgroup("infoshare", "policies of infoshare")
    group.addoption("--infoshare-scenarios", action="store_true", default=False, help=about)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "PolicyFile | None":
    """A policy file is a file of tests, where that was asked for."""
    config = parent.config
    if file_path.suffix != ".policy" or not (config.getini(_OPTION) or config.getoption(_OPTION)):
        return None
    made: PolicyFile = PolicyFile.from_parent(parent, path=file_path)
    return made


class PolicyFile(pytest.File):
    """A policy file; one that cannot be loaded is an error of its own."""

    def collect(self) -> Iterator["ScenarioItem"]:
        """Its scenarios, each tried when it is run."""
        from infoshare.policy.load import load_result
        from infoshare.rendering import render_all

        root = self.config.rootpath
        inside = self.path.resolve().is_relative_to(root.resolve())
        loaded = load_result(self.path, root=root if inside else None)
        if loaded.policy is None:
            raise self.CollectError(render_all(loaded.diagnostics).rstrip("\n"))
        for number, scenario in enumerate(loaded.policy.scenarios):
            item: ScenarioItem = ScenarioItem.from_parent(self, name=scenario.title)
            item.number, item.line = number, scenario.span.line
            item.policy = loaded.policy
            yield item


class ScenarioItem(pytest.Item):
    """One scenario."""

    number: int
    line: int
    policy: object

    def runtest(self) -> None:
        """Tries the scenario. Raises ScenarioFailed."""
        from infoshare.authoring.comparison import side_by_side

        result = self._result()
        if not result.passed:
            raise ScenarioFailed("\n".join([result.title, *side_by_side(result)]))

    def _result(self) -> "ScenarioResult":
        import attrs

        from infoshare.policy.policy import Policy
        from infoshare.scenarios import run_scenarios

        assert isinstance(self.policy, Policy)
        only = attrs.evolve(self.policy, scenarios=(self.policy.scenarios[self.number],))
        (result,) = run_scenarios(only, today=date.today())  # noqa: DTZ011 - the day where the person is
        return result

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002 - pytest gives it
        """What was expected beside what was decided, without a traceback."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the scenario begins."""
        return self.path, self.line - 1, f"scenario: {self.name}"

"""A policy, ready to decide: what it means, with what decides its cases day by day.

Deliberately not here: loading it (`load`), what its parts mean, and how a case is decided (`engine`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, overload

import attrs

from infoshare.diagnostic import Diagnostic
from infoshare.engine.engines import Engines
from infoshare.errors import FactsError
from infoshare.meaning.model import Group, Model
from infoshare.meaning.scenario import Scenario
from infoshare.meaning.vocabulary import FactInfo, vocabulary
from infoshare.policy.decision import Decision, set_found

if TYPE_CHECKING:
    from infoshare.policy.comparison import Comparison

new = object.__new__


@attrs.frozen(eq=False, repr=False)
class Policy:
    """A policy, ready to decide.

    Load it once and keep it: it is immutable, safe to share between threads without a lock, and picklable, so
    that a pool of processes can be given it. Only unpickle what you pickled yourself; to keep a policy, keep its
    files (`load_sources` reads them from anywhere).

    Attributes:
        model: what it means.
        scenarios: those of the file that was loaded.
        diagnostics: warnings; a policy with an error is never made.
        sources: the bytes of its files by path, the file that was loaded first: what `load_sources` reads, and what
            the digest is of.
    """

    model: Model = attrs.field(repr=False)
    scenarios: tuple[Scenario, ...] = attrs.field(default=(), repr=False)
    diagnostics: tuple[Diagnostic, ...] = attrs.field(default=(), repr=False)
    sources: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)
    _engines: Engines = attrs.field(
        init=False, repr=False, default=attrs.Factory(lambda self: Engines(self.model), takes_self=True)
    )

    @property
    def name(self) -> str | None:
        """The policy's name; None for a library."""
        return self.model.header.name if self.model.header else None

    @property
    def title(self) -> str | None:
        """The policy's title; None for a library."""
        return self.model.header.title if self.model.header else None

    @property
    def version(self) -> str | None:
        """The policy's version, as its author writes it; None where it has none."""
        return self.model.header.version if self.model.header else None

    @property
    def digest(self) -> str:
        """SHA-256 over the paths and bytes of every file, as in its decisions: ``sha256:`` and 64 digits."""
        return self.model.digest

    def __repr__(self) -> str:
        return f"<Policy {' '.join(filter(None, (self.name, self.version))) or '(a library)'}>"

    @property
    def facts(self) -> tuple[FactInfo, ...]:
        """The vocabulary, in policy order: enough to build a form."""
        from infoshare.explain.wording import unanswered

        return vocabulary(unanswered(self.model))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of facts, in policy order, with what each is about: the sections of a form."""
        return tuple(self.model.groups.values())

    def case_schema(self) -> dict[str, Any]:
        """JSON Schema (2020-12) of the cases that this policy reads.

        It accepts what `decide` accepts in JSON and refuses what it refuses, but for what JSON Schema cannot
        say: that elements of a list have names of their own, that 7.0 is no whole number, that a key is given
        twice, and which answers together are impossible.
        """
        from infoshare.explain.wording import unanswered
        from infoshare.meaning.schema import case_schema

        return case_schema(unanswered(self.model))

    def decide(
        self, facts: Mapping[str, object], *, as_of: date | None = None, presume: bool = True
    ) -> Decision:
        """Decides a case.

        Args:
            facts: a mapping of groups of facts; see `docs/language.md`.
            as_of: the day decided for; today if not given (nothing below this door reads the clock).
            presume: whether `unanswered means` is applied.

        Raises:
            FactsError: the case cannot be read as it stands, or says what is impossible.
        """
        if type(as_of) is not date:
            as_of = _calendar_date(as_of)
        engines = self._engines if presume else self._engines.bare
        decision = new(Decision)  # as `Decision.of`, which would take as long again to be called
        set_found(decision, engines[as_of](facts))
        return decision

    @overload
    def decide_many(
        self,
        cases: Iterable[Mapping[str, object]],
        *,
        on_error: Literal["raise"] = "raise",
        as_of: date | None = None,
        presume: bool = True,
    ) -> Iterator[Decision]: ...

    @overload
    def decide_many(
        self,
        cases: Iterable[Mapping[str, object]],
        *,
        on_error: Literal["return"],
        as_of: date | None = None,
        presume: bool = True,
    ) -> Iterator[Decision | FactsError]: ...

    def decide_many(
        self,
        cases: Iterable[Mapping[str, object]],
        *,
        on_error: Literal["raise", "return"] = "raise",
        as_of: date | None = None,
        presume: bool = True,
    ) -> Iterator[Decision | FactsError]:
        """Decides cases one after another, as they are asked for, in their order and all for the same day.

        Args:
            cases: as for `decide`; nothing is kept of a case once its decision is given.
            on_error: `raise` stops at the first case that cannot be read, with a note of its number from 1;
                `return` gives its error in its place and goes on.
            as_of: the day decided for; the day of this call if not given.
            presume: whether `unanswered means` is applied.

        Raises:
            FactsError: with `raise`, when its turn comes; for a day that is none, at once.
            ValueError: for another `on_error`, at once.
        """
        if on_error not in {"raise", "return"}:
            raise ValueError('`on_error` is "raise" or "return"')
        day = _calendar_date(as_of)
        return self._decided(cases, day, presume=presume, stop=on_error == "raise")

    def _decided(
        self, cases: Iterable[Mapping[str, object]], day: date, *, presume: bool, stop: bool
    ) -> Iterator[Decision | FactsError]:
        engines = self._engines if presume else self._engines.bare
        for number, facts in enumerate(cases, start=1):
            try:
                yield Decision.of(engines[day](facts))
            except FactsError as error:
                error.add_note(f"case {number}")
                if stop:
                    raise
                yield error

    def compare(self, new: "Policy", *, as_of: date | None = None) -> "Comparison":
        """What a new version of this policy changes: which clauses, which answers, and the smallest case of each.

        Every case there can be is looked at, on the day that is given or on every day on which either policy changes,
        while both are in force; policies that never are at once are held against one another on the last day of
        this one and the first of the new one. What it may try is counted in steps; where they do not suffice, the
        result says `proved: False`.

        Args:
            new: the new version.
            as_of: the day on which both are looked at.

        Raises:
            FactsError: `as_of` is no calendar date.
        """
        from infoshare.policy.comparison import compare

        day = None if as_of is None else _calendar_date(as_of)
        return compare(self.model, new.model, _calendar_date(None), day)

    def _repr_html_(self) -> str:
        """A notebook shows what it is and what it holds, not its text."""
        from infoshare.explain import policy_card

        return policy_card(self.model)


def _calendar_date(value: object) -> date:
    """A day as it is given at the door; today where none is."""
    if value is None:
        return date.today()  # noqa: DTZ011 - the user's own day is meant
    if type(value) is not date:
        raise FactsError(
            [
                Diagnostic(
                    "IS411",
                    "a calendar date was expected for `as_of`",
                    help=("write `date(2026, 1, 31)`, without a time of day",),
                    path="as_of",
                )
            ]
        )
    return value

"""Finds the facts of a record that forbid telling a family, or do not rule out that it is forbidden.

A person decides whether a family may know (`ForFamily`); this only ever says no. Everyone in a family is meant, whoever
reads it: what one of them may not know, none is told. The facts are those of the shared vocabulary, by their names; a policy
that declares none of them leaves it to the person alone.
Invariants: a fact in the way that is unsure, or unanswered without an assumption, is in the way; deliberately not
here: what a family is then told (`audience`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from infoshare.meaning.case import element_key, path_of

DANGERS: Mapping[str, frozenset[Any]] = {
    "telling.endangers_child": frozenset({False}),
    "telling.endangers_adult": frozenset({False}),
    "telling.undermines_investigation": frozenset({False}),
    "telling.loses_evidence": frozenset({False}),
    "telling.prompts_flight": frozenset({False}),
    "concern.sexual_abuse": frozenset({False}),
    "concern.fabricated_illness": frozenset({"none"}),
    "concern.serious_crime": frozenset({False}),
    "concern.fgm": frozenset({"none"}),
    "concern.forced_marriage": frozenset({False}),
    "concern.sexual_activity_under_13": frozenset({False}),
}
"""Facts with the only answers under which a family may be told."""

_ITEM: Mapping[str, frozenset[Any]] = {
    "third_party": frozenset({False}),
    "restricted": frozenset({False}),
    "endangers_source": frozenset({False}),
}
_RECIPIENT: Mapping[str, frozenset[Any]] = {
    "role": frozenset(
        {"social_care", "health", "school", "early_years", "housing", "designated_lead", "family"}
    ),
    "suspected_of_harm": frozenset({False}),
}
PAIR: Mapping[str, Mapping[str, frozenset[Any]]] = {"item": _ITEM, "recipient": _RECIPIENT}
"""As `DANGERS`, for one item and one recipient: what a family may know to be shared, and with whom."""


@attrs.frozen
class Facts:
    """The facts of a record, as far as they are needed here.

    Attributes:
        answers: by key, those answered and those assumed.
        paths: every fact of the vocabulary that the record speaks of, whether or not it is answered.
    """

    answers: Mapping[str, Any] = attrs.field(repr=False)
    paths: frozenset[str]

    @staticmethod
    def of(told: Iterable[Mapping[str, Any]], assumed: Iterable[Mapping[str, Any]]) -> "Facts":
        """Out of a record's `answers` and the `assumed` of its decision."""
        entries = list(told)
        answers = {each["fact"]: each["value"] for each in assumed}
        answers |= {each["fact"]: each["answer"] for each in entries if each["state"] == "answered"}
        return Facts(answers, frozenset(path_of(each["fact"]) for each in entries))

    def in_the_way(self) -> list[str]:
        """The facts for which a family may not be told anything."""
        return [path for path, fine in DANGERS.items() if path in self.paths and not self._is(path, fine)]

    def may_know(self, item: str | None, recipient: str | None) -> bool:
        """Whether a family may know that this item goes to this recipient."""
        return self._side("item", item) and self._side("recipient", recipient)

    def may_name(self, item: str) -> bool:
        """Whether an item may be named to a practitioner: it is not restricted, and would not lead to a source."""
        return self._side("item", item, frozenset({"restricted", "endangers_source"}))

    def _side(self, group: str, name: str | None, only: frozenset[str] | None = None) -> bool:
        return name is None or all(
            self._is(element_key(group, name, fact), fine)
            for fact, fine in PAIR[group].items()
            if f"{group}.{fact}" in self.paths and (only is None or fact in only)
        )

    def _is(self, key: str, fine: frozenset[Any]) -> bool:
        answer = self.answers.get(key)
        return isinstance(answer, bool | str) and answer in fine

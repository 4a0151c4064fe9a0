"""Facts under dotted keys, `{"consent.status": "refused"}` -> the same facts in their groups.

It gives up on whatever is not plain, and where one fact is given twice, so that the definition says what is wrong.
"""

from collections.abc import Mapping
from typing import Any

from infoshare.meaning.model import Model


class Dotted:
    """The keys by which a policy's facts outside lists can be given."""

    def __init__(self, model: Model) -> None:
        self._places = {fact.path: (fact.group, fact.name) for fact in model.facts.values() if not fact.each}

    def in_groups(self, facts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The case with every fact in its group; None to leave it to the definition's reader."""
        if type(facts) is not dict:
            return None
        dotted = [key for key in facts if key in self._places]
        if not dotted:
            return None
        found = {key: value for key, value in facts.items() if key not in self._places}
        ours: set[str] = set()
        for key in dotted:
            group, name = self._places[key]
            if group not in ours:
                own = found.get(group)
                if own is not None and type(own) is not dict:
                    return None
                ours.add(group)
                found[group] = {} if own is None else dict(own)
            if name in found[group]:
                return None
            found[group][name] = facts[key]
        return found

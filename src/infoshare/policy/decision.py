"""The decision: the answer to a case, and everything that led to it, each part when it is first looked at.

Invariant: a decision is frozen and says the same for ever, whatever is done to the case that it was made from.
Deliberately not here: how its parts are found (`meaning.deciding`, and faster `engine`).
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
from attrs.exceptions import FrozenInstanceError

from infoshare.meaning.findings import Findings, Stated, case_of
from infoshare.outcome import Outcome

if TYPE_CHECKING:
    from infoshare.analysis.changes import WhatIf
    from infoshare.analysis.why_not import WhyNot
    from infoshare.meaning.model import Model
    from infoshare.policy.shapes import DecisionDict

set_found = vars(Findings)["_found"].__set__


class Decision(Findings):
    """What a policy answers for one case. Its parts are those of `Findings`, each worked out when first looked at.

    Two decisions are equal when everything that they say is; the model is not part of that.
    """

    __slots__ = ("__weakref__",)

    # What `attrs.fields`, `attrs.asdict` and `attrs.evolve` read.
    __attrs_attrs__ = attrs.fields(Stated)
    __match_args__ = Stated.__match_args__

    def __init__(self, *parts: Any, **named: Any) -> None:
        """A decision of which all parts are given, as `Findings` has them."""
        set_found(self, Stated(*parts, **named))

    @staticmethod
    def of(found: Any) -> "Decision":
        """The decision of which the parts are found by this, when they are looked at."""
        decision = object.__new__(Decision)
        set_found(decision, found)
        return decision

    @property
    def may_share(self) -> bool:
        """Whether the outcome is share and every item may go to every recipient."""
        return self.outcome is Outcome.SHARE and all(row.release is True for row in self.disclosures)

    @property
    def released(self) -> tuple[tuple[str | None, str | None], ...]:
        """The (item, recipient) pairs that may go."""
        return tuple((row.item, row.recipient) for row in self.disclosures if row.release is True)

    def with_model(self, model: "Model") -> "Decision":
        """The same decision, with the policy at hand that made it."""
        return Decision.of(attrs.evolve(self._stated(), model=model))

    def to_dict(self) -> "DecisionDict":
        """The decision as plain JSON data, `infoshare.decision/1`."""
        from infoshare.policy.codec import to_dict

        return to_dict(self)

    @staticmethod
    def from_dict(data: object) -> "Decision":
        """The decision that `to_dict` wrote. Raises DecisionError, with every fault, for anything else."""
        from infoshare.policy.codec import stated

        return Decision.of(stated(data))

    def explain(self, *, full: bool = False) -> str:
        """The decision in words, for the person who asked: what to read first, or in full all there is to say."""
        from infoshare.explain import explain

        return explain(self, full=full)

    def why_not(self, outcome: "Outcome | str | None" = None, *, clause: str | None = None) -> "WhyNot":
        """What kept the case from an outcome, or a clause or exception from acting: what was in the way, and by what.

        Args:
            outcome: share, seek_consent, withhold or seek_advice.
            clause: the name of a clause or exception, instead of an outcome.

        Raises:
            ValueError: for another outcome or name; for both or neither; for a decision that was read from what was
                kept of it, which does not hold the case.
        """
        from infoshare.policy.answers import why_not

        return why_not(self, case_of(self), outcome, clause)

    def changes(
        self,
        *,
        to: "Outcome | str | None" = None,
        keep: Collection[str] = (),
        limit: int = 20,
        presume: bool = True,
    ) -> "WhatIf":
        """The smallest changes of the case that would lead to another outcome: for reviews, and for authors.

        Never changed are facts that cannot be otherwise (`fixed`), and what the lists hold; never proposed is what is
        impossible. Every change was decided.

        Args:
            to: the outcome to look for; any other, if not given.
            keep: facts, or groups of facts, that stay as they are.
            limit: the most changes to give.
            presume: whether `unanswered means` is applied, as it was in deciding.

        Raises:
            ValueError: as for `why_not`.
        """
        from infoshare.policy.answers import changes

        return changes(self, case_of(self), to, keep, limit, presume)

    def to_html(self, *, full: bool = False, level: int = 2) -> str:
        """The decision as a piece of HTML for a page of your own: an element with classes, and nothing that runs.

        All text in it is escaped. `infoshare.webpage.style.DECISION` is a style sheet for it.

        Args:
            full: all there is to say, or what a practitioner reads first.
            level: of the heading that is the answer, from 1 to 5; those below it are one lower.
        """
        from infoshare.explain.fragment import decision_html

        return decision_html(self, full=full, level=level)

    def _repr_html_(self) -> str:
        """A notebook shows the outcome and what it rests on, and nothing of the case."""
        from infoshare.explain import decision_card

        return decision_card(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Decision):
            return NotImplemented
        return all(getattr(self, part) == getattr(other, part) for part in _COMPARED)

    def __hash__(self) -> int:
        return hash((self.policy, self.case, self.as_of, self.outcome, self.basis, self.possible))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a decision is more than yes or no: use `decision.may_share` to ask whether everything may be"
            " shared, or look at `decision.outcome`"
        )

    def __repr__(self) -> str:
        return f"Decision({', '.join(f'{part}={getattr(self, part)!r}' for part in _SHOWN)})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError

    def __reduce__(self) -> tuple[Any, tuple[Stated]]:
        """Pickled with every part, and nothing of what found them."""
        return Decision.of, (self._stated(),)

    def _stated(self) -> Stated:
        return Stated(**{field.name: getattr(self, field.name) for field in attrs.fields(Stated)})


_COMPARED = tuple(field.name for field in attrs.fields(Stated) if field.eq)
_SHOWN = ("policy", "as_of", "outcome", "mandatory", "exact", "basis", "possible")

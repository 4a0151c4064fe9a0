"""The names that a policy's declarations take: each once in its space, and where."""

from infoshare.diagnostic import Label
from infoshare.meaning.faults import Faults
from infoshare.syntax import tree as t
from infoshare.text import Span


class Names:
    """Who took which name first.

    Attributes:
        places: by space (`provision`, `term`, `source`, `group`, `fact`, `value`) and name.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.places: dict[tuple[str, str], Span] = {}

    def take(self, space: str, name: t.Name) -> bool:
        """Whether this declaration is the first of its name; if not, that has been told."""
        place = self.places.setdefault((space, name.text), name.span)
        if place is not name.span:
            self.taken(space, name, place)
            return False
        return True

    def taken(self, space: str, name: t.Name, first: Span) -> None:
        """Tells that a name is taken."""
        what = {"provision": "clause", "term": "define or value"}.get(space, space)
        self.faults.error(
            "IS206",
            f"two declarations are named `{name.text}`",
            name.span,
            "again",
            also=(Label(first, f"the first {what} of this name"),),
            help=("give one of them another name",),
        )

"""Facts -> what is found of them by the definition alone: for what is decided once, and for what has no faster form."""

from collections.abc import Callable, Mapping
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from infoshare.errors import FactsError
from infoshare.meaning import facts as reader
from infoshare.meaning.case import Case
from infoshare.meaning.deciding import Defined, decide, policy_ref
from infoshare.meaning.model import Model

if TYPE_CHECKING:
    from infoshare.engine.found import Found


MOST_KEPT = 16
"""Cases of which what is found is kept; of one of the shipped policies that takes a megabyte each."""


class Kept:
    """What was found of the cases that were decided last.

    Whoever decides a case mostly asks for it again at once: for its questions, for the answer, as a text, as a record.
    Two cases are one here only if they say the same to the letter.
    """

    def __init__(self) -> None:
        self._found: dict[object, Defined] = {}
        self._lock = Lock()

    def get(self, case: Case, of: object, make: Callable[[], Defined]) -> Defined:
        """What was found of a case, by what decides it; made, and kept, if it is not there."""
        key = (of, case.name, tuple(case.answers.items()), case.unsure, tuple(case.elements.items()))
        with self._lock:
            found = self._found.pop(key, None)
            if found is not None:  # it was asked for last now
                self._found[key] = found
                return found
        found = make()
        with self._lock:
            self._found[key] = found
            if len(self._found) > MOST_KEPT:
                del self._found[next(iter(self._found))]
        return found


class ByDefinition:
    """Decides cases of one policy for one day, by the definition alone.

    Args:
        kept: what was found of cases, by this or by another day; nothing is kept, if not given.
    """

    __slots__ = ("_kept", "day", "model", "policy", "presume")

    def __init__(self, model: Model, day: date, *, presume: bool, kept: Kept | None = None) -> None:
        self.model, self.day, self.presume = model, day, presume
        self.policy, self._kept = policy_ref(model), kept

    def decide(self, facts: Mapping[str, object]) -> "Defined | Found":
        """Decides a case.

        Raises:
            FactsError: the case cannot be read as it stands, or says what is impossible.
        """
        return self._by_definition(facts)

    def _by_definition(self, facts: Mapping[str, object]) -> Defined:
        read = reader.read(self.model, facts)
        if read.diagnostics:
            raise FactsError(read.diagnostics)
        if self._kept is None:
            return self._found_of(read.case)
        return self._kept.get(read.case, (self.day, self.presume), lambda: self._found_of(read.case))

    def _found_of(self, case: Case) -> Defined:
        return decide(self.model, case, self.day, presume=self.presume)

"""Facts -> what is found of them by the definition alone: for what is decided once, and for what has no faster form."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from infoshare.errors import FactsError
from infoshare.meaning import facts as reader
from infoshare.meaning.deciding import Defined, decide, policy_ref
from infoshare.meaning.model import Model

if TYPE_CHECKING:
    from infoshare.engine.found import Found


class ByDefinition:
    """Decides cases of one policy for one day, by the definition alone."""

    __slots__ = ("day", "model", "policy", "presume")

    def __init__(self, model: Model, day: date, *, presume: bool) -> None:
        self.model, self.day, self.presume = model, day, presume
        self.policy = policy_ref(model)

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
        return decide(self.model, read.case, self.day, presume=self.presume)

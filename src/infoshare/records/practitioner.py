"""Who decided, and who else has to do with a decision.

Deliberately not here: checking (`fields`), and how somebody signs (`keys`).
"""

import attrs

from infoshare.records.fields import line


@attrs.frozen
class Practitioner:
    """A person who answers for something: who decided, consulted or erased a record.

    Attributes:
        name: as they sign.
        role: what they were there as, such as `school nurse`.
        organisation: whom they act for.
        id: what their organisation knows them by, where it gives one.
    """

    name: str = line(required=True)
    role: str = line(required=True)
    organisation: str = line(required=True)
    id: str | None = line()


@attrs.frozen
class Party:
    """Somebody who asked for information, or who is to have it.

    Attributes:
        name: the person or the body; for a recipient, as the case names them.
        verified: how it was made sure that they are who they say they are, such as `rang back by the switchboard`.
    """

    name: str = line(required=True)
    role: str | None = line()
    organisation: str | None = line()
    verified: str | None = line()

"""Decisions over HTTP: an ASGI application that any server runs and any framework mounts.

    from infoshare.service import app

    application = app(["infoshare:cscp"])

What is offered is named below and imported when it is asked for. Invariants: nothing is decided here; no answer of a case
is in a log, an address or an error that was not asked for it; there is no state but the policies and the ledger.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infoshare.service.application import app
    from infoshare.service.asked import read_request
    from infoshare.service.authzen import Entities
    from infoshare.service.limits import Limits
    from infoshare.service.shelf import PolicyPlace, Shelf
    from infoshare.service.tokens import Tokens

__all__ = ["Entities", "Limits", "PolicyPlace", "Shelf", "Tokens", "app", "read_request"]

_ROOMS = {
    "application": ("app",),
    "asked": ("read_request",),
    "authzen": ("Entities",),
    "limits": ("Limits",),
    "shelf": ("PolicyPlace", "Shelf"),
    "tokens": ("Tokens",),
}
"""Which module each name comes from."""


if not TYPE_CHECKING:  # or type checkers would take every misspelt name for one that is there

    def __getattr__(name: str) -> object:
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{room}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Frozen values that cost little to declare: attrs' own, but for what they can share.

attrs writes and compiles an equality, a hash and a repr for each class, which is half of what declaring it takes;
and more than a hundred classes are declared before a first decision. Those of `frozen` share one of each instead.
Invariant: they do what attrs' own would do, and type checkers see `attrs.frozen`. A subclass that is not declared
by `frozen` itself is another form of the same value: it is equal to one of its base.
Deliberately not here: which values there are.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

if TYPE_CHECKING:
    from attrs import frozen as frozen  # noqa: PLC0414 - those who declare values take it from here
else:

    def frozen(cls: type | None = None, *, kw_only: bool = False) -> Any:
        """As `attrs.frozen`: a class into one of immutable values with slots, equal when their fields are.

        Args:
            cls: the class; an equality, a hash or a repr of its own is kept.
            kw_only: whether its fields are given by name only.
        """
        if cls is None:
            return lambda declared: frozen(declared, kw_only=kw_only)
        made = attrs.frozen(eq=False, repr=False, kw_only=kw_only)(cls)
        compared = [field.name for field in made.__attrs_attrs__ if field.eq]
        shared = {
            "__repr__": _repr,
            **_comparing(attrgetter(*compared) if compared else _nothing, hash(made.__qualname__)),
        }
        for name in shared.keys() - cls.__dict__.keys():
            setattr(made, name, shared[name])
        return made


def _nothing(_: object) -> None:
    return None


def _comparing(compared: Callable[[object], object], salt: int) -> dict[str, Callable[..., object]]:
    """Equality and hash by what is compared; the salt tells values of one class from those of another."""

    def equal(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__ and type(other).__eq__ is not equal:
            return NotImplemented
        return compared(self) == compared(other)

    def hashed(self: object) -> int:
        return hash(compared(self)) ^ salt

    return {"__eq__": equal, "__hash__": hashed}


def _repr(self: Any) -> str:
    fields = [
        f"{field.name}={(repr if field.repr is True else field.repr)(getattr(self, field.name))}"
        for field in self.__attrs_attrs__
        if field.repr
    ]
    return f"{self.__class__.__qualname__.rpartition('>.')[2]}({', '.join(fields)})"


KEY = "key"
"""In the metadata of a field: what its key in JSON holds."""


class InJson(NamedTuple):
    """What `key` says of a field."""

    about: str | None
    name: str | None
    required: bool
    always: bool
    showing: tuple[str, ...]
    before: str | None
    shape: str | None
    beside: str | None


def key(
    about: str | None = None,
    *,
    name: str | None = None,
    required: bool = True,
    always: bool = True,
    showing: tuple[str, ...] = (),
    before: str | None = None,
    shape: str | None = None,
    beside: str | None = None,
    **field: Any,
) -> Any:
    """A field of a frozen value, and what its key in JSON holds (`infoshare.codec`).

    Args:
        about: what it holds, in words.
        name: of the key, if it is called otherwise than the field.
        required: whether it must be there to be read.
        always: whether it is written when it is empty.
        showing: keys of what is in its list, written there also when they are empty.
        before: the key that it comes before, if not that of the next field.
        shape: the name of its shape, if its type does not tell.
        beside: the attribute that says by not being None that this is written, whatever it is.
        field: as for `attrs.field`.
    """
    told = InJson(about, name, required, always, showing, before, shape, beside)
    return attrs.field(metadata={KEY: told}, **field)

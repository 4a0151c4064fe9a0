"""Frozen values of which only a part is made at once, and the rest when somebody asks for it.

Each is made in two steps, which is quickest: its parts are set one by one on a class that can be changed, and then it
becomes one of the class that cannot (`made.__class__ = …`), whose layout is the same. To everybody else it is the
plain value that it is equal to.
"""

from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, SupportsIndex

import attrs
from attrs.exceptions import FrozenInstanceError


class Changeable:
    """What the classes have in common that can be changed; stands before the frozen class."""

    __slots__ = ()
    __init__ = object.__init__
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__


class Partly:
    """What the classes have in common that cannot; stands before the changeable one."""

    __slots__ = ()
    _plainly: ClassVar[type]

    def __init_subclass__(cls, *, there: Collection[str]) -> None:
        """Makes properties of the fields that are not there from the beginning: each is asked for of the whole.

        Args:
            there: those that are; a field that the class has a property for keeps it.
        """
        for field in attrs.fields(cls._plainly):
            if field.name not in there and field.name not in vars(cls):
                setattr(cls, field.name, _asked_for(field.name))

    def __new__(cls, *args: Any, **fields: Any) -> Any:
        """A plain value of these fields: what `attrs.evolve` asks for."""
        return cls._plainly(*args, **fields)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError

    def __repr__(self) -> str:
        return repr(self._whole())

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """Pickled as the plain value."""
        return _itself, (self._whole(),)

    def _whole(self) -> Any:
        """The plain value."""
        raise NotImplementedError


def _asked_for(field: str) -> property:
    return property(lambda value: getattr(value._whole(), field))  # noqa: SLF001 - of its own class


def _itself(value: Any) -> Any:
    return value

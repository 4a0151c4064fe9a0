"""What the names of some files stand for: those that are read together when one of them is loaded.

Everything here is read off the trees, so that it can be told also while a policy does not load.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from infoshare.editor.documents import Declared, Document, Symbol
from infoshare.editor.mentions import Mention, Space
from infoshare.syntax import tree as t


@attrs.frozen(eq=False, slots=False)
class Scope:
    """Some files, and what they declare."""

    documents: tuple[Document, ...]

    @cached_property
    def declared(self) -> Mapping[Symbol, tuple[Declared, ...]]:
        """Every name; one that is declared twice with both."""
        found: dict[Symbol, tuple[Declared, ...]] = {}
        for document in self.documents:
            for each in document.declared:
                found[each.symbol] = (*found.get(each.symbol, ()), each)
        return found

    def of(self, *spaces: Space) -> Iterator[Declared]:
        """The names of some kinds, in the order of the files."""
        for (space, _), found in self.declared.items():
            if space in spaces:
                yield from found[:1]

    def first(self, space: Space, name: str) -> Declared | None:
        """Where a name is declared first."""
        return next(iter(self.declared.get((space, name), ())), None)

    def fact(self, path: str) -> t.FactDecl | None:
        """The declaration of a fact, also of one that is asked of whom a reference names."""
        _, name = self.meant("further" if path.count(".") > 1 else "fact", path)
        found = self.first("fact", name)
        return found.node if found is not None and isinstance(found.node, t.FactDecl) else None

    def group(self, name: str) -> t.FactsDecl | None:
        """The declaration of a group of facts."""
        found = self.first("group", name)
        return found.node if found is not None and isinstance(found.node, t.FactsDecl) else None

    def lists(self) -> Iterator[str]:
        """The groups that are lists."""
        for each in self.of("group"):
            if isinstance(each.node, t.FactsDecl) and each.node.each:
                yield each.node.group.text

    def options(self, path: str) -> tuple[t.Option, ...]:
        """The values of a fact, those that an overlay adds among them."""
        fact = self.fact(path)
        if fact is None or not isinstance(fact.type, t.OneOf | t.SomeOf):
            return ()
        _, name = self.meant("further" if path.count(".") > 1 else "fact", path)
        return tuple(
            each.node
            for (space, option), found in self.declared.items()
            if space == "option" and option.startswith(f"{name}:")
            for each in found[:1]
            if isinstance(each.node, t.Option)
        )

    def meant(self, space: Space, name: str) -> Symbol:
        """What a name stands for that is written so."""
        match space:
            case "fact":
                group, _, fact = name.partition(".")
                if ("fact", name) not in self.declared and self._is_define_of(fact, group):
                    return "term", fact
                return "fact", name
            case "further":
                group, fact, further = name.split(".")
                reference = self.fact(f"{group}.{fact}")
                if reference is not None and isinstance(reference.type, t.Reference):
                    return self.meant("fact", f"{reference.type.group.text}.{further}")
                return space, name
            case "option":
                path, _, value = name.partition(":")
                fact_ = self.fact(path)
                if fact_ is not None and isinstance(fact_.type, t.Reference):
                    return "group", value
                if fact_ is not None and not isinstance(fact_.type, t.OneOf | t.SomeOf):
                    return "term", value
                of, whole = self.meant("further" if path.count(".") > 1 else "fact", path)
                return "option", f"{whole}:{value}" if of == "fact" else name
            case "group":
                plural = ("group", name) not in self.declared and name.endswith("s")
                return (
                    ("group", name[:-1])
                    if plural and ("group", name[:-1]) in self.declared
                    else (space, name)
                )
            case _:
                return space, name

    def symbol(self, mention: Mention) -> Symbol:
        """What a mention stands for."""
        return self.meant(mention.space, mention.name)

    def _is_define_of(self, name: str, group: str) -> bool:
        found = self.first("term", name)
        return (
            found is not None
            and isinstance(found.node, t.DefineDecl)
            and found.node.for_each is not None
            and found.node.for_each.text == group
        )

"""Names as written -> what a policy declares by them: facts, defines about elements, references, lists.

A name with a fault in it finds None, and the fault has been told. Deliberately not here: what is said with a name
(`answer_binding`, `term_binding`, `binding`).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from infoshare.diagnostic import Nearest, did_you_mean
from infoshare.meaning import model as m
from infoshare.meaning.faults import Faults
from infoshare.meaning.types import Reference
from infoshare.syntax import tree as t
from infoshare.text import Span

Groups = frozenset[str]
"""The lists of which one element is being spoken of."""

_MOST_NAMES = 20  # that a message lists


class Lookup:
    """Finds what a policy declares.

    Args:
        facts: by path, the built-in `name` of every list included.
        defines: the names of all defines (their conditions may still be unbound), and of what list each speaks of
            an element.
        values: by name.
    """

    def __init__(
        self,
        faults: Faults,
        groups: Mapping[str, m.Group],
        facts: Mapping[str, m.Fact],
        defines: Mapping[str, str | None],
        values: Mapping[str, m.Value],
    ) -> None:
        self.faults, self.groups, self.facts, self.values = faults, groups, facts, values
        self.defines = defines
        self.entangled: set[str] = set()
        self.new_words = False
        # What a name that nothing declares may have been meant for; each is made when the first such name is met.
        self.near_facts = Nearest((*facts, *(f"{each}.{name}" for name, each in defines.items() if each)))
        self.near_values = Nearest(values)
        self.near_options: dict[str, Nearest] = {}
        self.near_defines = Nearest(sorted(name for name, each in defines.items() if not each))

    def fact(self, path: t.Path, here: Groups) -> m.Fact | None:
        """The fact of a path; None, with the fault told, if there is none that can be spoken of here."""
        fact = self.facts.get(path.text)
        if fact is None:
            self._no_fact(path)
            return None
        return fact if not fact.each or self.is_in_hand(fact.group, path, here) else None

    def is_in_hand(self, group: str, path: t.Path, here: Groups) -> bool:
        """Whether an element of a list is being spoken of; told if not."""
        if group in here:
            return True
        self.faults.error(
            "IS211",
            f"`{path.text}` speaks of one {group}, and it is not said which",
            path.span,
            help=(
                f"if each {group} gets an answer of its own, write `for each {group}` after the effect, the timing "
                "or the phrase",
                f"if not, write `any {group} (…)` or `every {group} (…)` around it",
            ),
        )
        return False

    def define_of(self, path: t.Path) -> str | None:
        """The define that speaks of an element of the list that a path begins with, if it names one."""
        found = path.fact if path.further is None else None
        return found if found is not None and self.defines.get(found) == path.group else None

    def reference(self, path: t.Path, here: Groups, *, but: str) -> m.Fact | None:
        """The reference that a path is; None, with the fault told, if it is none.

        Args:
            but: what is said of a fact that names nobody, after its path.
        """
        fact = self.fact(path, here)
        if fact is None or isinstance(fact.type, Reference):
            return fact
        references = [f.path for f in self.facts.values() if isinstance(f.type, Reference)]
        declare = 'a fact that names elements of a list is declared `who "who they are" : one person`'
        self.faults.error(
            "IS302",
            f"`{fact.path}` {but}",
            path.span,
            "it is no reference to a list",
            help=(f"the references are {listed(references)}" if references else declare,),
        )
        return None

    def through(self, path: t.Path, here: Groups) -> tuple[m.Fact, t.Path] | None:
        """Of `recipient.who.suspected`, the reference and the path of what is asked of whom it names.

        None, with the fault told, where it is no reference, or one that may name several.
        """
        if path.further is None:
            raise AssertionError("nothing goes through a reference here")
        whole = t.Path(path.group, path.fact, span=path.span)
        reference = self.reference(whole, here, but=f"names nobody, so `{path.text}` asks nothing of anybody")
        if reference is None:
            return None
        group = group_of(reference)
        if group not in self.groups:
            return None  # which the reference has been told of
        if is_many(reference):
            self.faults.error(
                "IS211",
                f"`{reference.path}` may name several of `{group}`, and it is not said of which `{path.further}` is asked",
                path.span,
                help=(
                    f"write `any {group} in {reference.path} ({group}.{path.further})`, "
                    f"or `every {group} in {reference.path} (…)`",
                ),
            )
            return None
        return reference, t.Path(group, path.further, span=path.span)

    def is_list(self, name: str, span: Span) -> bool:
        """Whether a group is a list, of one element of which may be spoken; told if not."""
        if (name in self.groups and self.groups[name].each) or name in self.faults.broken:
            return name not in self.faults.broken
        lists = [g.name for g in self.groups.values() if g.each]
        declare = f'declare it: `facts about each {name} "…"`, and below it the facts of each'
        if name in self.groups:
            declare = f"declare it with `each`: `facts about each {name} …`"
        self.faults.unknown(
            "IS205",
            f"`{name}` is not a list" if name in self.groups else f"no list is named `{name}`",
            span,
            "`facts about each …` declares one",
            space="group",
            known=lists,
            word=name,
            help=(f"the lists are {listed(lists)}", declare) if lists else (declare,),
        )
        return False

    def check_places(self, text: str, span: Span, group: str | None) -> None:
        """Warns of a place in a phrase, `{consent.by}`, that names no fact which has one answer there.

        It is only a warning, as such brackets may have been meant as they stand.

        Args:
            group: the list of one of whose elements the phrase speaks.
        """
        for path in m.PLACE.findall(text):
            fact = self.facts.get(path)
            self.new_words = self.new_words or fact is not None
            if fact is None and path not in self.faults.broken:
                self.faults.warning(
                    "IS201",
                    f"the place `{{{path}}}` names no fact, so it is printed as it stands",
                    span,
                    help=did_you_mean(path, self.near_facts) or self._facts_of(path.partition(".")[0]),
                )
            elif fact is not None and fact.each and fact.group != group:
                self.faults.warning(
                    "IS211",
                    f"the place `{{{path}}}` is of one {fact.group}, and it is not said which",
                    span,
                    help=("name a fact outside lists" + (f", or one of `{group}`" if group else ""),),
                )

    def _no_fact(self, path: t.Path) -> None:
        if path.text in self.faults.broken or path.group in self.faults.broken:
            return
        group = self.groups.get(path.group)
        if path.fact in self.faults.broken and group is not None and group.each:
            return  # a define about an element, it may be
        each = self.defines.get(path.fact)
        if each is not None and each not in self.groups:
            return  # which the define has been told of
        meant = f"{each}.{path.fact}" if each else path.fact
        is_define = path.fact in self.defines
        self.faults.unknown(
            "IS201",
            f"no fact is named `{path.text}`",
            path.span,
            "not declared in this policy, nor in a file that it uses",
            space="fact",
            known=() if is_define else self.near_facts,
            word=path.text,
            help=(f"`{path.fact}` is a define: write `{meant}`",)
            if is_define
            else lambda: self._facts_of(path.group),
        )

    @cached_property
    def whole_path(self) -> Mapping[str, str]:
        """The path of a fact by its name alone."""
        return {fact.name: fact.path for fact in self.facts.values()}

    @cached_property
    def _by_group(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fact in self.facts.values():
            found.setdefault(fact.group, []).append(fact.path)
        return found

    def _facts_of(self, group: str) -> tuple[str, ...]:
        names = self._by_group.get(group)
        if names:
            return (f"`{group}` has {listed(names)}",)
        return did_you_mean(group, self.groups) or (
            f'declare it: `facts about {group} "…"`, and the fact below it',
        )


def group_of(reference: m.Fact) -> str:
    """The list whose elements a reference names."""
    if not isinstance(reference.type, Reference):
        raise TypeError("it names nobody")
    return reference.type.group


def is_many(reference: m.Fact) -> bool:
    """Whether a reference may name several."""
    return isinstance(reference.type, Reference) and reference.type.many


def listed(words: Sequence[str]) -> str:
    """Names in a sentence: the first ones, if they are many."""
    more = f" and {len(words) - _MOST_NAMES} more" if len(words) > _MOST_NAMES else ""
    return ", ".join(f"`{word}`" for word in words[:_MOST_NAMES]) + more

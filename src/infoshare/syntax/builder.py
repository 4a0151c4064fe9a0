"""What every callback of the grammar builds with: names, spans, parts and lists, and the notes of what is wrong.

The callbacks turn what the grammar recognises into the tree, bottom-up, one for each rule of `grammar.lark`; they stand
beside this by what they build: `condition_builder`, and `file_builder` for all that is declared.
Invariant: a callback never raises for an author's mistake; it notes a fault and returns a node all the same,
and a declaration whose node cannot be trusted (a date that is none) is left out and named in `broken`.
Deliberately not here: what reads the text (`driver`, and `recovery` after a syntax error).
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from infoshare.diagnostic import Diagnostic, Label
from infoshare.syntax import tree
from infoshare.syntax.words import KEYWORDS
from infoshare.text import Source, Span

_SAID = (tree.Node, list)
_BLANKS = re.compile(r"[ \t\r\n]+")


class Token:
    """A terminal as it was read; lark's own tokens have the same attributes.

    Attributes:
        type: the name of the terminal.
        value: the text that it stands for.
        start_pos: where it begins, in characters.
        end_pos: where it ends.
    """

    __slots__ = ("end_pos", "start_pos", "type", "value")

    def __init__(self, type: str, value: str, start_pos: int, end_pos: int) -> None:
        self.type, self.value, self.start_pos, self.end_pos = type, value, start_pos, end_pos


# A part of a declaration: its key, the word it begins with, what it says, where it ends.
Part = tuple[str, Token, Any, int]
Children = list[Any]


def folded(literal: str) -> str:
    """What a string literal says: white space folded to single spaces, composed characters (NFC)."""
    text = literal[1:-1]
    if "\n" in text or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = _BLANKS.sub(" ", text).strip(" ")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _end(children: Sequence[Any]) -> int:
    """Where the last child that takes up room ends."""
    for child in reversed(children):
        match child:
            case tree.Node():
                return child.span.end
            case tuple():
                return cast(int, child[-1])
            case None | []:
                continue
            case list():
                return _end(child)
            case _:
                return cast(int, child.end_pos)
    return 0


class Builder:
    """What all callbacks share. One parse at a time: `begin` it, parse, then read `declarations` and `faults`.

    Attributes:
        declarations: those recognised so far, in order.
        faults: what is wrong although the grammar has room for it, by code and place.
        broken: names whose declarations were left out.
    """

    def begin(self, source: Source) -> None:
        """Forget the previous parse."""
        self.source = source
        self.declarations: list[tree.Declaration] = []
        self.faults: dict[tuple[str, int], Diagnostic] = {}
        self.broken: set[str] = set()
        self.resume()

    def resume(self) -> None:
        """Forget the declaration that a syntax error cut short."""
        self._distrusted = False
        self._last_list = self._last_list_end = -1

    # --- helpers ----------------------------------------------------------------------------------

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start_pos, token.end_pos)

    def _over(self, children: Children) -> Span:
        """From a leading token to the last child."""
        return Span(self.source, children[0].start_pos, _end(children))

    def _name(self, token: Token) -> tree.Name:
        return tree.Name(token.value, span=Span(self.source, token.start_pos, token.end_pos))

    def add(self, fault: Diagnostic) -> None:
        """Note a mistake, once for each place."""
        self.faults.setdefault((fault.code, fault.labels[0].span.start), fault)

    def fault(self, code: str, message: str, *labels: Label, help: Sequence[str] = ()) -> None:
        """Note a mistake, once for each place."""
        self.add(Diagnostic(code, message, labels, tuple(help)))

    def _declared(self, children: Children) -> tree.Name:
        """The name that a declaration gives after its first word, which may not be a keyword."""
        name = self._name(children[1])
        if name.text in KEYWORDS:
            from infoshare.syntax import faults  # only where there is one

            self.add(faults.reserved_word(children[0].value, name.text, name.span))
        return name

    def _once(self, parts: list[Part]) -> dict[str, Any]:
        """The parts by the field that keeps them; one said twice is a fault, but for those that are gathered."""
        found: dict[str, Any] = {}
        first: dict[str, Token] = {}
        for key, word, value, _ in parts:
            field = _FIELDS.get(key, key)
            if field in _GATHERED:
                found[field] = (*found.get(field, ()), value)
            elif field in found:
                self.fault(
                    "IS116",
                    f"`{' '.join(word.value.split())}` is said twice in one declaration",
                    Label(self._span(word), "said again here"),
                    Label(self._span(first[field]), "first said here"),
                    help=(_TOGETHER.get(key, "keep the one that is meant, and delete the other"),),
                )
            else:
                found[field] = tuple(value) if isinstance(value, list) else value
                first[field] = word
        return found

    def _provisions(self, parts: list[Part]) -> tree.Provisions:
        return tree.Provisions(**self._once(parts))

    # --- lists and parts, shared by many rules ----------------------------------------------------

    def none(self, _: Children) -> list[Any]:
        return []

    def nothing(self, _: Children) -> None:
        return None

    def one(self, c: Children) -> list[Any]:
        return c

    def one_more(self, c: Children) -> list[Any]:
        c[0].append(c[2])
        return cast(list[Any], c[0])

    def more(self, c: Children) -> list[Any]:
        c[0].append(c[1])
        return cast(list[Any], c[0])

    def itself(self, c: Children) -> Token:
        return cast(Token, c[0])

    def second(self, c: Children) -> Any:
        return c[1]

    def third(self, c: Children) -> Any:
        return c[2]

    def part(self, c: Children) -> list[Part]:
        parts, word, value = c
        said = value if isinstance(value, _SAID) else folded(value.value)
        parts.append((word.value, word, said, _end(c)))
        return cast(list[Part], parts)

    def part_of_two_words(self, c: Children) -> list[Part]:
        parts, word, second, value = c
        parts.append((f"{word.value}_{second.value}", word, value, _end(c)))
        return cast(list[Part], parts)

    def part_alone(self, c: Children) -> list[Part]:
        parts, word = c
        parts.append((word.value, word, True, word.end_pos))
        return cast(list[Part], parts)

    def part_ask_first(self, c: Children) -> list[Part]:
        parts, words, question = c
        parts.append(("ask", words, folded(question.value), question.end_pos))
        parts.append(("ask_first", words, True, question.end_pos))
        return cast(list[Part], parts)

    def part_consent(self, c: Children) -> list[Part]:
        parts, words, texts = c
        parts.append(("asking_consent", words, [folded(text.value) for text in texts], texts[-1].end_pos))
        return cast(list[Part], parts)

    def part_row(self, c: Children) -> list[Part]:
        parts, (word, row) = c
        parts.append(("rows", word, row, row.span.end))
        return cast(list[Part], parts)

    def part_basis(self, c: Children) -> list[Part]:
        parts, word, _, (basis, end) = c
        parts.append(("basis", word, basis, end))
        return cast(list[Part], parts)

    def part_cite(self, c: Children) -> list[Part]:
        parts, (word, cite) = c
        parts.append(("cites", word, cite, cite.span.end))
        return cast(list[Part], parts)


# The field of the tree that keeps a part, where it is not called as the part begins.
_FIELDS = {"from": "start", "until": "end", "with": "with_", "unanswered_means": "assumed"}
# Parts that may be said more than once, and are kept together.
_GATHERED = frozenset({"cites", "rows"})
_TOGETHER = {
    "when": "join the two conditions with `and` or `or` after one `when`",
    "unless": "join the two conditions with `and` or `or` after one `unless`",
    "with": "list them after one `with`, with commas between them",
    "without": "list them after one `without`, with commas between them",
    "because": "keep one of them, or write both in one",
    "because_of": "list them after one `because of`, with commas between them",
}

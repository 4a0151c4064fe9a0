"""Puts the comments of a file back among the lines of its declarations, and the lines together.

Invariant: every comment is printed once. One that stood at the end of a line stands at the end of the line that
now says the same; one that had a line of its own stands before the line that it stood before. Comments
keep their order, unless the parts that they stand at are put in another order.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice

import attrs

from infoshare.syntax import tree
from infoshare.syntax.layout import Line
from infoshare.syntax.lexical import tokens

Printed = list[str]
_LEAD = 4  # how many words may lead up to what the tree knows the place of, itself included
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


@attrs.frozen
class _Block:
    """What is printed together: the header, or a declaration; its stretch of the source and its lines."""

    start: int
    end: int
    lines: Sequence[Line]
    close: bool = False  # one line, which may follow its like without a blank one


def placed(file: tree.File, declarations: Sequence[list[Line]]) -> str:
    """The text of a file whose declarations have these lines."""
    blocks = [_header(file)]
    for node, lines in zip(file.declarations, declarations, strict=True):
        blocks.append(_Block(node.span.start, node.span.end, lines, len(lines) == 1))
    text = file.comments[0].span.source.text if file.comments else ""
    before: list[list[tree.Comment]] = [[] for _ in blocks]
    within: list[list[tree.Comment]] = [[] for _ in blocks]
    after: list[tree.Comment] = []
    starts = [block.start for block in blocks]
    for comment in file.comments:
        index = bisect_right(starts, comment.span.start) - 1
        if index >= 0 and _belongs(comment, blocks[index], within[index], text):
            within[index].append(comment)
        elif index + 1 < len(blocks):
            before[index + 1].append(comment)
        else:
            after.append(comment)
    printed: Printed = []
    for index, block in enumerate(blocks):
        together = index > 1 and block.close and blocks[index - 1].close
        if index and not (together and _adjacent(file, blocks[index - 1], block)):
            printed.append("")
        _leading(printed, before[index], block.start, text)
        printed += _with_comments(block, within[index], text)
    if after:
        printed.append("")
        _leading(printed, after, None, text)
    return "\n".join(printed) + "\n"


def _adjacent(file: tree.File, before: _Block, block: _Block) -> bool:
    """Whether the source has no blank line between two blocks."""
    return not _BLANK_LINE.search(file.span.source.text, before.end, block.start)


def _header(file: tree.File) -> _Block:
    start = end = -1
    if file.comments:
        words = tokens(file.span.source.text, 0, len(file.span.source.text))
        _, _, start = next(words, ("", "", 0))
        _, number, at = next(words, ("", "", start))
        end = at + len(number)
    return _Block(start, end, [Line(0, f"infoshare {file.version}", start)])


def _belongs(comment: tree.Comment, block: _Block, so_far: Sequence[tree.Comment], text: str) -> bool:
    """Whether a comment is part of a block: in it, on the line where it ends, or indented right below it."""
    start = comment.span.start
    end = max(block.end, so_far[-1].span.end if so_far else 0)
    lines = text.count("\n", end, start)
    indented = text[start - 1 : start] in {" ", "\t"}
    return start < block.end or lines == 0 or (lines == 1 and indented)


def _leading(printed: Printed, comments: Sequence[tree.Comment], then: int | None, text: str) -> None:
    """Comments on lines of their own, with a blank line where their source has one."""
    for comment, following in zip(comments, [*comments[1:], None], strict=False):
        printed.append(comment.text)
        until = following.span.start if following is not None else then
        if until is not None and text.count("\n", comment.span.end, until) > 1:
            printed.append("")


def _with_comments(block: _Block, comments: Sequence[tree.Comment], text: str) -> Printed:
    """The lines of a block with the comments that stood in it."""
    if not comments:
        return [line.rendered() for line in block.lines]
    places = _places(block, text)
    order = sorted(range(len(places)), key=places.__getitem__)
    starts = [places[index] for index in order]
    above: list[list[str]] = [[] for _ in block.lines]
    within: list[list[tuple[str, bool]]] = [
        [] for _ in block.lines
    ]  # and whether it ends a line of the source
    last: list[str] = []
    for comment in comments:
        at, end = comment.span.start, comment.span.end
        turn = bisect_right(starts, at) - 1
        ends_a_line = bool(text[text.rfind("\n", 0, at) + 1 : at].strip())
        following = starts[turn + 1] if turn + 1 < len(starts) else block.end
        goes_on = any(True for _ in tokens(text, end, max(end, following)))
        if turn >= 0 and (ends_a_line or goes_on):
            within[order[turn]].append((comment.text, ends_a_line))
        elif turn + 1 < len(order):
            above[order[turn + 1]].append(comment.text)
        else:
            last.append(comment.text)
    printed: Printed = []
    for index, line in enumerate(block.lines):
        indent = "  " * line.level
        beside = f"  {within[index].pop()[0]}" if within[index] and within[index][-1][1] else ""
        printed += [indent + comment for comment in above[index]]
        printed += [indent + comment for comment, _ in within[index]]
        printed.append(line.rendered() + beside)
    level = max(1, block.lines[-1].level) if block.lines else 1
    return printed + ["  " * level + comment for comment in last]


def _places(block: _Block, text: str) -> list[int]:
    """Where the source begins to say each line.

    What the tree knows is where a list or a condition begins: the words that lead up to it are looked for before
    it. Where it knows nothing, the first two words of the line are looked for.
    """
    said = list(tokens(text, block.start, block.end))
    ats = [at for _, _, at in said]
    places: list[int] = []
    for line in block.lines:
        begins = list(islice(tokens(line.text, 0, len(line.text)), 2))
        first = begins[0][1] if begins else ""
        if line.at is not None:
            known = bisect_right(ats, line.at)
            leading = (at for _, word, at in reversed(said[max(0, known - _LEAD) : known]) if word == first)
            places.append(next(leading, line.at))
        else:
            later = (
                at
                for index, at in enumerate(ats)
                if index > 1  # the second word is a name, whatever it is
                and at > line.after
                and _alike(begins, said[index : index + 2])
            )
            places.append(next(later, places[-1] if places else block.start))
    return places


def _alike(line: Sequence[tuple[str, str, int]], said: Sequence[tuple[str, str, int]]) -> bool:
    """Whether a line begins with these words; what a string says does not matter."""
    return len(line) <= len(said) and all(
        kind == found and (kind == "string" or word == there)
        for (kind, word, _), (found, there, _) in zip(line, said, strict=False)
    )

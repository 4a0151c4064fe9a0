"""Puts the comments of a file back among the lines of its declarations, and the lines together.

Invariant: every comment is printed once. One that stood at the end of a line stands at the end of the line that
now says the same; one that had a line of its own stands before the line that it stood before.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import attrs

from infoshare.syntax import tree
from infoshare.syntax.layout import Line
from infoshare.syntax.lexical import tokens

Printed = list[str]
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
        if index >= 0 and (comment.span.start < blocks[index].end or _trails(comment, blocks[index].end, text)):
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


def _trails(comment: tree.Comment, end: int, text: str) -> bool:
    """Whether a comment stands on the line where a declaration ends."""
    return "\n" not in text[end : comment.span.start]


def _leading(printed: Printed, comments: Sequence[tree.Comment], then: int | None, text: str) -> None:
    """Comments on lines of their own, with a blank line where their source has one."""
    for comment, following in pairwise([*comments, None]):
        assert comment is not None
        printed.append(comment.text)
        until = following.span.start if following is not None else then
        if until is not None and text.count("\n", comment.span.end, until) > 1:
            printed.append("")


def _with_comments(block: _Block, comments: Sequence[tree.Comment], text: str) -> Printed:
    """The lines of a block with the comments that stood in it."""
    if not comments:
        return ["  " * line.level + line.text for line in block.lines]
    places = _places(block, text)
    above: list[list[str]] = [[] for _ in range(len(block.lines) + 1)]
    beside: list[list[str]] = [[] for _ in block.lines]
    for comment in comments:
        at = comment.span.start
        line_start = text.rfind("\n", 0, at) + 1
        if text[line_start:at].strip():
            candidates = [(place, index) for index, place in enumerate(places) if place < at]
            beside[max(candidates)[1] if candidates else 0].append(comment.text)
        else:
            later = [(place, index) for index, place in enumerate(places) if place > at]
            above[min(later)[1] if later else len(block.lines)].append(comment.text)
    printed: Printed = []
    for index, line in enumerate(block.lines):
        indent = "  " * line.level
        printed += [indent + comment for comment in above[index]]
        printed += [indent + comment for comment in beside[index][:-1]]
        last = f"  {beside[index][-1]}" if beside[index] else ""
        printed.append(f"{indent}{line.text}{last}")
    level = max(1, block.lines[-1].level) if block.lines else 1
    printed += ["  " * level + comment for comment in above[-1]]
    return printed


def _places(block: _Block, text: str) -> list[int]:
    """Where the source says each line; for lines of which the tree does not know, by their first word."""
    words = [(word, at) for kind, word, at in tokens(text, block.start, block.end) if kind == "word"]
    places: list[int] = []
    for line in block.lines:
        if line.at is not None:
            places.append(line.at)
            continue
        first = line.text.split(" ", 1)[0]
        known = (at for word, at in words if word == first and at >= line.after)
        places.append(next(known, places[-1] if places else block.start))
    return places

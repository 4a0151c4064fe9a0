"""YAML -> a case, by the core schema of YAML 1.2 and no more of YAML than a case needs.

Read from the parser's events, so that nothing is ever built, expanded or looked up. Anchors, aliases, merge
keys, tags, directives and several documents are refused; `no` is a word and not an answer of no, a date is
text, and what other readers would take for a number in disguise (`007`, `0x1F`, `1_000`) is a fault.
Invariant: as for the other formats. Deliberately not here: any of what YAML 1.1 guessed.
"""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from infoshare.casefile import (
    DEPTH_LIMIT,
    NoNumber,
    Pairs,
    Read,
    case_of,
    empty,
    fault,
    number_with_point,
    too_deep,
    whole_number,
)

SIZE_LIMIT = 256 * 1024
"""The parser takes its time (2 s for this much), and no case written by hand is larger."""

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_POINT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# What some reader of YAML takes for a number although none of the above is it.
_DISGUISED = re.compile(
    r"[-+]?(0[xob][0-9a-fA-F_]+|\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[0-9]+(:[0-9]+)+)"
)
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_MERGE = "<<"


class _Refused(Exception):  # noqa: N818 - says what happened
    """What a case may not hold, and where it is."""

    def __init__(self, what: str, event: events.Event, *help_: str) -> None:
        self.help = help_
        mark = event.start_mark
        super().__init__(
            f"{what} at line {mark.line + 1}, column {mark.column + 1}, which a case may not hold"
        )


class _TooDeep(Exception):  # noqa: N818 - as above
    pass


def read_yaml(text: str) -> Read:
    """The case that a YAML text holds."""
    if len(text) > SIZE_LIMIT:
        most = f"a case in YAML is at most {SIZE_LIMIT // 1024} kB"
        return fault("IS802", most, "write a larger one as JSON")
    try:
        documents = _documents(_checked(YAML(typ="safe", pure=True).parse(text)))
    except _Refused as refused:
        return fault("IS412", str(refused), *refused.help)
    except _TooDeep:
        return too_deep()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        return fault("IS412", f"not YAML: {_first_line(error.problem or error.context)}{where}")
    except (YAMLError, ValueError, RecursionError):
        return fault("IS412", "not YAML: it holds a character that YAML does not know")
    return case_of(documents[0]) if documents else empty()


def _checked(stream: Iterator[events.Event]) -> Iterator[events.Event]:
    """The parser's events, none of which refers to another."""
    for event in stream:
        if isinstance(event, events.AliasEvent):
            raise _Refused("an alias", event, "write the answer out")
        if getattr(event, "anchor", None) is not None:
            raise _Refused("an anchor", event, "write the answer out where it is needed")
        yield event


def _documents(stream: Iterator[events.Event]) -> list[Any]:
    """What the documents hold: none, or one."""
    found: list[Any] = []
    for event in stream:
        if not isinstance(event, events.DocumentStartEvent):
            continue
        if event.version is not None or event.tags:
            raise _Refused("a directive", event, "leave out the lines that begin with %")
        if found:
            raise _Refused("a second document", event, "keep each case in a file of its own")
        found.append(_node(stream, next(stream), 1))
    return found


def _node(stream: Iterator[events.Event], event: events.Event, depth: int) -> Any:
    tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
    if tag is not None and str(tag) != "None":
        raise _Refused("a tag", event, "write the answer without it")
    if depth > DEPTH_LIMIT:
        raise _TooDeep
    match event:
        case events.ScalarEvent():
            return _scalar(event)
        case events.SequenceStartEvent():
            items = []
            while not isinstance(inner := next(stream), events.SequenceEndEvent):
                items.append(_node(stream, inner, depth + 1))
            return items
        case events.MappingStartEvent():
            pairs = Pairs()
            while not isinstance(key := next(stream), events.MappingEndEvent):
                pairs.append((_name(key), _node(stream, next(stream), depth + 1)))
            return pairs
        case _:
            raise _Refused("something", event)


def _name(event: events.Event) -> str:
    if not isinstance(event, events.ScalarEvent):
        raise _Refused("a name that is a list or a mapping", event, "the names of groups and facts are words")
    if getattr(event, "tag", None) is not None:
        raise _Refused("a tag", event, "write the name without it")
    text = str(event.value)
    if event.style is None and text == _MERGE:
        raise _Refused("a merge key (<<)", event, "write the answers out")
    if event.style is None and not isinstance(_plain_scalar(text), str):
        raise _Refused("a name that is no word", event, "the names of groups and facts are words")
    return text


def _scalar(event: events.ScalarEvent) -> Any:
    text = str(event.value)
    return text if event.style is not None else _plain_scalar(text)


def _plain_scalar(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _WHOLE.fullmatch(text):
        return whole_number(text)
    if _POINT.fullmatch(text):
        return number_with_point(text)
    if _NO_NUMBER.fullmatch(text):
        return NoNumber("not a number" if text.lower().endswith("nan") else "an endless number")
    if _DISGUISED.fullmatch(text):
        return NoNumber("a number written oddly (write plain digits, or put text in quotes)")
    return text


def _first_line(text: object) -> str:
    said = str(text or "it cannot be read").strip().splitlines()[0]
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in said)[:200]

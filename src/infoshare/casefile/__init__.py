"""Case files: from bytes to a plain mapping, and everything that is wrong with them.

Strict where libraries are lax: a key given twice, a number that is no number, half a character and
endless nesting are faults, each with its path and all of them at once. Numbers written with a
point stay `float`, so that the reader of facts can tell 18.0 from 18.
Invariants: nothing raises, whatever the bytes; no message repeats an answer.
Deliberately not here: opening files (the doors), and what the facts mean (`infoshare.meaning.facts`).
"""

from typing import Literal, TypeAlias

from infoshare.casefile.json_text import read_json
from infoshare.casefile.written import DEPTH_LIMIT, Read, fault

__all__ = ["DEPTH_LIMIT", "SIZE_LIMIT", "CaseFormat", "Read", "format_of", "holds_lines", "read_case"]

CaseFormat: TypeAlias = Literal["json", "toml", "yaml"]

SIZE_LIMIT = 8 * 1024 * 1024

_SUFFIXES: dict[str, CaseFormat] = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
_OF_LINES = {".ndjson", ".jsonl"}


def format_of(name: str) -> CaseFormat:
    """The format that a file name promises; JSON where it promises nothing."""
    return _SUFFIXES.get(_suffix(name), "json")


def holds_lines(name: str) -> bool:
    """Whether a file name promises a case a line, each in JSON."""
    return _suffix(name) in _OF_LINES


def _suffix(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return dot + suffix.lower() if stem else ""


def read_case(data: bytes, name: str, format: CaseFormat) -> Read:
    """The mapping that a case file holds, or None and what is wrong with it.

    Args:
        data: the bytes of the file.
        name: what to call it in messages.
        format: how it is written; see `format_of`.
    """
    if len(data) > SIZE_LIMIT:
        return fault("IS802", f"the case is larger than {SIZE_LIMIT // 1024 // 1024} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return fault("IS801", f"the case is not UTF-8: byte {error.start} is not valid", "save it as UTF-8")
    match format:
        case "json":
            return read_json(text)
        case "toml":
            from infoshare.casefile.toml_text import (
                read_toml,
            )  # few cases are, and it takes longer than reading one

            return read_toml(text)
        case "yaml":
            try:
                from infoshare.casefile.yaml_text import read_yaml
            except ImportError:
                shown = name.rpartition("/")[2] or name
                return fault(
                    "IS412",
                    "a case in YAML cannot be read without the extra `yaml`",
                    "install it: pip install 'infoshare[yaml]'",
                    f"or write {shown!a} as JSON or TOML",
                )
            return read_yaml(text)

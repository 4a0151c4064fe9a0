"""JSON -> a case, strictly: what libraries let pass is a fault."""

import json
import re

from infoshare.casefile.written import (
    NoNumber,
    Pairs,
    Read,
    case_of,
    fault,
    nests_too_deep,
    not_an_object,
    number_with_point,
    too_deep,
    whole_number,
)

# Strings whole, so that a bracket inside one does not count; the alternatives after a string
# that never ends keep this linear whatever the text.
_JSON_NESTING = re.compile(
    r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
    r"|(?P<open>[\[{])|(?P<close>[\]}])",
    re.DOTALL,
)


def read_json(text: str) -> Read:
    """The case that a JSON text holds."""
    if nests_too_deep(_JSON_NESTING, text):
        return too_deep()
    if not text.strip():
        return fault("IS412", "the case file is empty", "the smallest case is `{}`, which answers nothing")
    try:
        value = json.loads(
            text,
            object_pairs_hook=Pairs,
            parse_int=whole_number,
            parse_float=number_with_point,
            parse_constant=NoNumber,
        )
    except json.JSONDecodeError as error:
        what, help_ = _in_words(error)
        return fault("IS412", f"not JSON: {what} at line {error.lineno}, column {error.colno}", help_)
    if not isinstance(value, Pairs):
        return not_an_object()
    return case_of(value)


_QUOTE = 'names and texts stand in double quotation marks: "refused"'
_COMMA = "a comma stands between two answers, and none after the last"
_WORDS = (  # how the reader's own message begins, what to say instead, and what to do
    ("Illegal trailing comma", "found a comma after the last answer", _COMMA),
    ("Expecting property name", "expected a name in double quotation marks", _QUOTE),
    ("Expecting value", "expected an answer", f"{_QUOTE}; yes and no are written true and false"),
    ("Expecting ':'", "expected `:` between a name and its answer", 'write "consent": {"status": "refused"}'),
    ("Expecting ','", "expected a comma or a closing bracket", _COMMA),
    (
        "Extra data",
        "expected the end of the case, found something more",
        "one case is one pair of curly brackets",
    ),
    ("Unterminated string", "a text that begins here is not closed", "close it with a double quotation mark"),
    (
        "Invalid control character",
        "found a line break or a control character in a text",
        "write a space instead",
    ),
    ("Invalid \\", "found a backslash that stands for nothing", "write two of them to mean one"),
)


def _in_words(error: json.JSONDecodeError) -> tuple[str, str]:
    """What is wrong, in words that say nothing of the answer, and what to do."""
    if error.doc[error.pos : error.pos + 1] in {"}", "]"} and error.msg.startswith("Expecting"):
        return "found a closing bracket after a comma, or where an answer is missing", _COMMA
    for beginning, what, help_ in _WORDS:
        if error.msg.startswith(beginning):
            return what, help_
    return f"{error.msg[:1].lower()}{error.msg[1:]}", "check the place, or write the case again from a sample"

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
        message = error.msg.split(":")[0]
        return fault(
            "IS412",
            f"not JSON: {message[:1].lower()}{message[1:]} at line {error.lineno}, column {error.colno}",
        )
    if not isinstance(value, Pairs):
        return not_an_object()
    return case_of(value)

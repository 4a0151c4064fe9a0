"""What people may tell, as JSON Schema: the same table of fields that is checked and read (`fields`).

Invariant: it accepts what `from_json` accepts and refuses what it refuses, but for what JSON Schema has no words for: control
characters, and days that there are not. Deliberately not here: writing it to a file.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from infoshare.records.body.fields import KIND, LONGEST_LINE, LONGEST_TEXT, MOST_PARTS, Json

_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_SOMETHING = r"\S"


def schema_of(expected: type) -> Json:
    """JSON Schema (2020-12) of what `from_json` reads, but for control characters, which it has no words for."""
    fields = attrs.fields(expected)
    return {
        "type": "object",
        "properties": {field.name: _schema(field.metadata) for field in fields},
        "required": [field.name for field in fields if field.metadata.get("required")],
        "additionalProperties": False,
    }


def _schema(told: Mapping[str, Any]) -> Json:
    match told[KIND]:
        case "line":
            schema: Json = {"type": "string", "pattern": _SOMETHING, "maxLength": LONGEST_LINE}
        case "text":
            schema = {"type": "string", "pattern": _SOMETHING, "maxLength": LONGEST_TEXT}
        case "flag":
            schema = {"type": "boolean"}
        case "when":
            schema = {"type": "string", "format": "date-time", "pattern": _MOMENT}
        case "day":
            schema = {"type": "string", "format": "date", "pattern": _DATE}
        case "word":
            schema = {"enum": list(told["words"])}
        case "parts":
            schema = {"type": "array", "items": schema_of(told["of"]), "maxItems": MOST_PARTS}
        case _:
            schema = schema_of(told["of"])
    return schema if told.get("required") else {"anyOf": [schema, {"type": "null"}]}

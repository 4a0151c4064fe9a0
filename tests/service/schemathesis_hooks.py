"""What schemathesis has to be told: how lines of JSON are sent. It reads this by SCHEMATHESIS_HOOKS."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """Text as it is, whatever is in it."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else json.dumps(value).encode()

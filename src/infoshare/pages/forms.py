"""What a browser sends with a form: bytes -> its fields, each by its name.

Read with the standard library alone. Invariant: what cannot be read is no form, and nothing of it is in a message.
"""

from collections.abc import Mapping, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import attrs

MOST_FIELDS = 1_000


class NotAFormError(Exception):
    """What was sent is not a form."""


@attrs.frozen
class Form:
    """The fields of a form.

    Attributes:
        fields: every value by the name of its field, in the order in which they were sent.
        files: the bytes of every file.
    """

    fields: Mapping[str, Sequence[str]] = attrs.field(factory=dict, repr=False)
    files: Mapping[str, bytes] = attrs.field(factory=dict, repr=False)

    def get(self, name: str) -> str | None:
        """The value of a field; the last where there are several, None where there is none."""
        found = self.fields.get(name)
        return found[-1] if found else None

    def text(self, name: str) -> str:
        """What was typed in a field, without space around it."""
        return (self.get(name) or "").strip()

    def all(self, name: str) -> Sequence[str]:
        """Every value of a field."""
        return self.fields.get(name, ())


def read(body: bytes, content_type: str) -> Form:
    """The form that was sent. Raises NotAFormError."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
            )
        except ValueError as error:
            raise NotAFormError from error
        return _form(pairs, {})
    if kind == "multipart/form-data":
        return _multipart(body, content_type)
    raise NotAFormError


def _multipart(body: bytes, content_type: str) -> Form:
    if not content_type.isascii() or not content_type.isprintable():
        raise NotAFormError
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        raise NotAFormError
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for part in list(message.iter_parts())[:MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise NotAFormError
        if part.get_filename() is not None:
            files[name] = content
            continue
        try:
            pairs.append((name, content.decode("utf-8")))
        except UnicodeDecodeError as error:
            raise NotAFormError from error
    return _form(pairs, files)


def _form(pairs: Sequence[tuple[str, str]], files: Mapping[str, bytes]) -> Form:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return Form(fields, files)

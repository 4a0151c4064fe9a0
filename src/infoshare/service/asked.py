"""What requests hold, and how they are read: as strictly as a case, and no key is passed over that nobody knows.

A key that is misspelt would else be left out in silence, and another day decided for, or something presumed that was not
to be. Deliberately not here: AuthZEN, which wants it otherwise (`authzen`), and what a request is answered.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import attrs
from starlette.requests import ClientDisconnect, Request

from infoshare import codec
from infoshare.casefile import read_case
from infoshare.codec import DAY, FLAG, TEXT, Key, Maybe, Object, Scalar
from infoshare.diagnostic import Diagnostic, did_you_mean
from infoshare.errors import FactsError
from infoshare.service.limits import Limits
from infoshare.service.problem import MALFORMED, MEDIA, TOO_LARGE, TOO_SLOW, Problem, faulty
from infoshare.text import visible


def _mapping(data: Any) -> Any:
    if not isinstance(data, Mapping):
        raise ValueError  # noqa: TRY004 - one kind of error for whatever does not fit
    return data


def _some_text(data: Any) -> Any:
    if not isinstance(data, str) or not data.strip():
        raise ValueError
    return data


FACTS = Scalar("an object of groups of facts", {"type": "object"}, "dict[str, Any]", _mapping)
LINE = Scalar(
    "text that is not empty", {"type": "string", "pattern": r"\S", "maxLength": 500}, "str", _some_text
)
_AS_OF = Key(
    Maybe(DAY), "The day to decide for; today, by the clock of the service, if none is given.", required=False
)
_PRESUME = Key(FLAG, "Whether `unanswered means` is applied; it is if nothing is said.", required=False)
DECIDE = Object(
    {
        "facts": Key(FACTS, "The case, as the policy's schema has it."),
        "as_of": _AS_OF,
        "presume": _PRESUME,
        "full": Key(FLAG, "Of an explanation: whether it says all there is to say.", required=False),
    },
    "A case to decide.",
    name="decide_request",
)
QUESTIONS = Object(
    {name: each for name, each in DECIDE.keys.items() if name != "full"},
    "A case of which the open questions are asked.",
    name="questions_request",
)
PRACTITIONER = Object(
    {
        "name": Key(LINE, "As they sign."),
        "role": Key(LINE, "What they are there as, such as school nurse."),
        "organisation": Key(LINE, "Whom they act for."),
        "id": Key(Maybe(LINE), "What their organisation knows them by.", required=False),
    },
    "Who decides, and answers for it.",
    name="practitioner",
)
RECORD = Object(
    {
        **QUESTIONS.keys,
        "by": Key(PRACTITIONER, "Who decides, and answers for it."),
        "followed": Key(
            FLAG, "Whether they do what the decision says; they do if nothing is said.", required=False
        ),
        "because": Key(Maybe(TEXT), "Why not; needed where it is not followed.", required=False),
        "particulars": Key(
            Maybe(Scalar("an object of particulars", {"type": "object"}, "dict[str, Any]", _mapping)),
            "What else is to be recorded, as docs/schemas/particulars-1.json has it.",
            required=False,
        ),
        "supersedes": Key(Maybe(TEXT), "The id of the record whose place this one takes.", required=False),
    },
    "A case to decide, and whose decision is to be recorded.",
    name="record_request",
)


def read_request(data: bytes, shape: Object = DECIDE) -> dict[str, Any]:
    """What the body of a request holds.

    Raises:
        FactsError: with everything that is wrong with it, each with its path: it is not JSON, a key stands in it twice,
            it is nested too deep, something is missing, of another kind, or not known.
    """
    read, faults = read_case(data, "the request", "json")
    if read is None:
        raise FactsError(faults)
    found, wrong = codec.read(shape, read, code="IS413")
    unknown = list(_unknown(shape, read, ""))
    if wrong or unknown:
        raise FactsError([*unknown, *wrong])
    return dict(found)


def _unknown(shape: Object, data: Mapping[str, Any], path: str) -> Any:
    """A diagnostic for each key that nobody knows, in objects whose keys are known."""
    for name, value in data.items():
        known = shape.keys.get(name)
        at = f"{path}.{name}" if path else name
        if known is None:
            help_ = did_you_mean(name, shape.keys) or (f"it may say {', '.join(shape.keys)}",)
            yield Diagnostic(
                "IS413", f"`{visible(at)}` is not something that a request says", help=help_, path=at
            )
        else:
            inner = known.shape.shape if isinstance(known.shape, Maybe) else known.shape
            if isinstance(inner, Object) and isinstance(value, Mapping):
                yield from _unknown(inner, value, at)


def parsed(data: bytes, shape: Object) -> dict[str, Any]:
    """As `read_request`, for the body of a request that is answered. Raises Problem."""
    try:
        return read_request(data, shape)
    except FactsError as error:
        raise faulty(MALFORMED, error.diagnostics) from None


# --- the body, as it arrives ----------------------------------------------------------------------


async def body_of(request: Request, limits: Limits, *media: str, most: int | None = None) -> bytes:
    """The bytes of a request, all of them, in time.

    Args:
        media: the media types that are read.
        most: how many bytes it may have, if it is not `limits.body`.

    Raises:
        Problem: it is another type, larger, or slower.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in media:
        raise Problem(
            MEDIA, f"Send it with `Content-Type: {media[0]}`.", headers={"Accept-Post": ", ".join(media)}
        )
    if request.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Problem(
            MEDIA, "Send it as it is, without `Content-Encoding`.", headers={"Accept-Encoding": "identity"}
        )
    limit = limits.body if most is None else most
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > limit:
                    raise _too_large(limit)
                parts.append(part)
    except TimeoutError:
        raise Problem(
            TOO_SLOW,
            f"It did not arrive whole within {limits.body_seconds:g} seconds: send it again.",
            headers={"Connection": "close"},
        ) from None
    except ClientDisconnect:
        raise Problem(TOO_SLOW, "It did not arrive whole.", headers={"Connection": "close"}) from None
    return b"".join(parts)


def _too_large(limit: int) -> Problem:
    return Problem(
        TOO_LARGE,
        f"It may have {limit:,} bytes: send fewer cases or a shorter one.",
        headers={"Connection": "close"},
    )


# --- what the answer is to look like ----------------------------------------------------------------


def form_wanted(request: Request, *offered: str) -> str | None:
    """Which of the media types that are offered, the first of them preferred, somebody wants; None for none of them."""
    header = ",".join(request.headers.getlist("accept")).strip()
    if not header:
        return offered[0]
    ranges = [_range(each) for each in header.split(",") if each.strip()]
    best = max(offered, key=lambda media: (_worth(media, ranges), -offered.index(media)))
    return best if _worth(best, ranges) > 0 else None


@attrs.frozen
class _Range:
    media: str
    worth: float


def _range(text: str) -> _Range:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    worth = 1.0
    for each in parameters:
        if each.startswith("q="):
            try:
                worth = min(max(float(each[2:]), 0.0), 1.0)
            except ValueError:
                worth = 0.0
    return _Range(media, worth)


def _worth(media: str, ranges: list[_Range]) -> float:
    """What somebody gives for a media type: what they say of it, else of its family, else of anything."""
    for wanted in (media, media.partition("/")[0] + "/*", "*/*"):
        for each in ranges:
            if each.media == wanted:
                return each.worth
    return 0.0

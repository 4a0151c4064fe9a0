"""The formats of files of cases, by the ends of their names."""

from enum import StrEnum

from infoshare.errors import Refused
from infoshare.policy.files import quoted


class FileFormat(StrEnum):
    """How a file of cases, or of decisions, is written."""

    PARQUET = "parquet"
    CSV = "csv"
    NDJSON = "ndjson"


_SUFFIXES = {
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
    ".csv": FileFormat.CSV,
    ".ndjson": FileFormat.NDJSON,
    ".jsonl": FileFormat.NDJSON,
}
_PACKED = (".gz", ".zst", ".bz2", ".xz", ".zip", ".lz4")
_SHEETS = (".xlsx", ".xls", ".ods")


def format_of(name: str, option: str) -> FileFormat:
    """The format that the name of a file promises.

    Args:
        name: a path, or `-` for a standard stream.
        option: the option that says the format where the name does not.

    Raises:
        Refused: it promises none that is read and written here.
    """
    lower = name.lower()
    for suffix, found in _SUFFIXES.items():
        if lower.endswith(suffix):
            return found
    known = "parquet, csv or ndjson"
    if name == "-":
        raise Refused(f"the format of `-` is not known: say it with {option}", f"{option} is {known}")
    if lower.endswith(_PACKED):
        raise Refused(f"`{quoted(name)}` is a packed file", "unpack it first, or save it as Parquet")
    if lower.endswith(_SHEETS):
        raise Refused(f"`{quoted(name)}` is a workbook", "save the sheet as CSV (UTF-8)")
    raise Refused(
        f"the name `{quoted(name)}` does not say how the file is written",
        f"let it end in .parquet, .csv or .ndjson, or say {option} {known}",
    )

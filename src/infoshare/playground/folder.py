"""The files of a playground: the page, what it begins with, and the Python that runs behind it.

Invariants: nothing is fetched, here or by the page; the same versions give the same bytes, but for the day that the
examples begin on. Deliberately not here: writing files and the clock (the door, `infoshare.cli.playground`).
"""

import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import resources
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infoshare.authoring.highlighting import RULES
from infoshare.authoring.starting_point import POLICY, starting_point
from infoshare.casefile import format_of, read_case
from infoshare.catalogue import pages_folder, reference_file
from infoshare.errors import Refused
from infoshare.meaning.case import as_facts
from infoshare.meaning.facts import read
from infoshare.policy.files import NotRegularError, open_regular, shipped_folder
from infoshare.policy.load import load_result
from infoshare.policy.policy import Policy
from infoshare.syntax.tree import PolicyDecl
from infoshare.text import quoted
from infoshare.webpage.style import COLOURS, DECISION

PYODIDE = "314.0.7"
"""The version that the page is tried with."""

GET_IT = (
    f"get it once, with npm: npm pack pyodide@{PYODIDE}",
    f"then give it: --pyodide pyodide-{PYODIDE}.tgz, or the folder that you unpacked it in",
)
_OF_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_LARGEST = 64 * 1024 * 1024

_NOT_IN_A_BROWSER = {
    "batch",
    "cli",
    "examples",
    "lsp",
    "pages",
    "playground/static",
    "records",
    "service",
    "testing",
}
"""What a page has no use for, most of it for want of what it needs."""


def site(pyodide: str, *, today: date, version: str) -> dict[str, bytes]:
    """The files of a playground, by their names.

    Args:
        pyodide: the folder or the tarball of npm that holds Pyodide.
        today: the day that the policy to begin with starts on.
        version: of infoshare, as the page says it.

    Raises:
        Refused: that is not Pyodide.
    """
    python = _pyodide(pyodide)
    scripts = {name: data for name, data in _static() if name != "page.css"}
    look = COLOURS + DECISION + dict(_static())["page.css"].decode()
    language = {
        "version": version,
        "rules": [{"pattern": rule.pattern, "roles": [role.value for role in rule.roles]} for rule in RULES],
    }
    return {
        **scripts,
        "style.css": look.encode(),
        "language.json": _json(language),
        "examples.json": _json(list(examples(today))),
        "python.zip": _zipped(_packages()),
        **{f"pyodide/{name}": data for name, data in python.items()},
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _static() -> Iterator[tuple[str, bytes]]:
    folder = resources.files("infoshare.playground") / "static"
    yield from sorted((each.name, each.read_bytes()) for each in folder.iterdir())


# --- what the page begins with


def examples(today: date) -> Iterator[dict[str, Any]]:
    """Policies to start from, each with its texts by name and cases to try: that of the tutorial, then those shipped."""
    started = {name: text for name, text in starting_point(today).items() if name.endswith(".policy")}
    texts = {POLICY: started.pop(POLICY), **started}
    yield {"id": "tutorial", "title": "A first policy (the tutorial)", "texts": texts, "cases": []}
    cases = list(_cases())
    for path in _examples():
        name = Path(path).stem
        loaded = load_result(path)
        policy = loaded.policy
        if policy is None or not any(
            isinstance(node, PolicyDecl) for node in loaded.files[-1].tree.declarations
        ):
            continue  # scenarios, or a library
        scenarios = f"{path.removesuffix('.policy')}-scenarios.policy"
        files = [each for each in (path, scenarios) if Path(each).exists()]
        yield {
            "id": name,
            "title": f"{policy.title} {policy.version or ''}".strip(),
            "texts": {
                Path(each).name: _by_itself(Path(each), [Path(f).name for f in files]) for each in files
            },
            "cases": [case for title, facts in cases if (case := _case(policy, title, facts))],
        }


def _examples() -> Iterator[str]:
    for folder in (shipped_folder(), examples_folder()):
        yield from (str(path) for path in sorted(Path(folder).glob("*.policy")))


def examples_folder() -> str:
    """Where the examples are: in the package, or in a checkout beside `src`."""
    inside = resources.files("infoshare") / "examples"
    return str(inside) if inside.is_dir() else str(Path(__file__).resolve().parents[3] / "examples")


def _by_itself(path: Path, beside: Sequence[str]) -> str:
    """The text of a policy, in which what it uses and is not beside it is what comes with infoshare."""

    def used(found: re.Match[str]) -> str:
        return found[0] if found[2] in beside else f'{found[1]}"infoshare:{found[2].removesuffix(".policy")}"'

    text = path.read_text(encoding="utf-8")
    return re.sub(r'^(use\s+)"([a-z0-9_-]+\.policy)"', used, text, flags=re.MULTILINE)


def _cases() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The cases among the examples, by what to call them."""
    for path in sorted(Path(examples_folder()).iterdir()):
        if path.suffix in {".json", ".toml"}:
            facts, _ = read_case(path.read_bytes(), path.name, format_of(path.name))
            if facts is not None:
                yield path.stem.replace("-", " ").capitalize(), facts


def _case(policy: Policy, title: str, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """A case as the page has it; None where the policy cannot read it."""
    reading = read(policy.model, facts)
    return None if reading.diagnostics else {"title": title, "facts": as_facts(reading.case, policy.model)}


# --- the Python behind it


def _packages() -> Iterator[tuple[str, bytes]]:
    """The files of infoshare and of what it runs on, by where they lie among packages.

    lark is none of that: it makes the tables of the grammar, and these are there.
    """
    for name in ("attr", "attrs", "infoshare"):
        spec = find_spec(name)
        assert spec is not None  # noqa: S101 - infoshare requires it
        assert spec.submodule_search_locations  # noqa: S101
        for folder in spec.submodule_search_locations:
            yield from _below(Path(folder), name)
    yield from (
        (f"infoshare/policies/{p.name}", p.read_bytes()) for p in Path(shipped_folder()).glob("*.policy")
    )
    yield from ((f"infoshare/codes_pages/{p.name}", p.read_bytes()) for p in pages_folder().glob("*.md"))
    yield "infoshare/language.md", reference_file().read_bytes()


def _below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        place = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in place.parts and not _is_left_out(name, place.as_posix()):
            yield f"{name}/{place.as_posix()}", path.read_bytes()


def _is_left_out(package: str, place: str) -> bool:
    return package == "infoshare" and any(place.startswith(f"{room}/") for room in _NOT_IN_A_BROWSER)


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """One archive, the same for the same files."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in sorted(dict(files).items()):
            info = ZipInfo(name)  # of 1980, whenever it is made
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return data.getvalue()


# --- Pyodide


def _pyodide(given: str) -> dict[str, bytes]:
    """The files of Pyodide that a page needs."""
    path = Path(given)
    try:
        found = _of_folder(path) if path.is_dir() else _of_tarball(given)
    except FileNotFoundError:
        raise Refused(f"there is no file or folder {quoted(given)}", *GET_IT) from None
    except (NotRegularError, tarfile.TarError, EOFError):
        raise Refused(f"{quoted(given)} is not a tarball of npm", *GET_IT) from None
    except OSError as error:
        raise Refused(
            f"{quoted(given)} cannot be read: {(error.strerror or 'no reason given').lower()}"
        ) from None
    missing = [name for name in _OF_PYODIDE if name not in found]
    if missing:
        raise Refused(f"{quoted(given)} is not Pyodide: it holds no {missing[0]}", *GET_IT)
    return found


def _of_folder(folder: Path) -> dict[str, bytes]:
    inside = folder / "package" if (folder / "package").is_dir() else folder
    return {name: (inside / name).read_bytes() for name in _OF_PYODIDE if (inside / name).is_file()}


def _of_tarball(given: str) -> dict[str, bytes]:
    with open_regular(given) as file, tarfile.open(fileobj=file) as archive:
        found = {}
        for member in archive:
            name = member.name.removeprefix("package/")
            if name in _OF_PYODIDE and member.isfile() and member.size <= _LARGEST:
                content = archive.extractfile(member)
                assert content is not None  # noqa: S101 - it is a file
                found[name] = content.read()
        return found

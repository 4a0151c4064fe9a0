"""The shape of the code: floors, what may be imported where, and what is nowhere."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "infoshare"
MODULES = sorted(SRC.rglob("*.py"))
OURS = {"infoshare"} | set(sys.stdlib_module_names)


def imported_by(path: Path) -> set[str]:
    """The top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        encoding="utf-8",
    )


def test_each_floor_imports_only_what_is_below_it():
    done = run("from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


NODES = {
    "infoshare.meaning.model": "Condition Term",
    "infoshare.meaning.types": "FactType",
    "infoshare.syntax.tree": "Condition Term TypeExpr",
}

ANY_NODE = {
    "authoring/findings/names.py",  # looks through every node of a file for names
    "syntax/phrases.py",  # refuses what is no part of a line
    "testing/tree_cases.py",  # looks through every node of a file for lists
    "testing/policy_cases.py",  # looks through every value of a model for constants
}
"""Modules in which something is matched that may be a node of any kind, or none."""


def names_of_nodes(*wanted):
    """The forms of conditions, terms and types: the members of their unions, or of those that are wanted."""
    found = set()
    for module, unions in NODES.items():
        text = (SRC.parent / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
        for union in unions.split():
            if not wanted or f"{module}.{union}" in wanted:
                alternatives = re.search(rf"^{union}: TypeAlias = (.+)$", text, re.MULTILINE)[1].split(" | ")
                found |= {f"{module}.{name}" for name in alternatives}
    return found


def meant_by(tree):
    """What each name that a module imports stands for."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def classes_of(pattern):
    """The classes that a pattern asks for of the subject itself."""
    match pattern:
        case ast.MatchOr(patterns):
            return [name for each in patterns for name in classes_of(each)]
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return classes_of(inner)
        case ast.MatchClass(cls):
            return [ast.unparse(cls)]
        case _:
            return []


def matches():
    """Every `match`: its module, the classes that it asks for, and whether it leaves a rest, and to what."""
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = "infoshare." + ".".join(path.relative_to(SRC).with_suffix("").parts)
        meant = meant_by(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Match):
                names = {name for case in node.cases for name in classes_of(case.pattern)}
                heads = {name.partition(".") for name in names}
                asked = {meant.get(first, f"{module}.{first}") + dot + rest for first, dot, rest in heads}
                last = node.cases[-1]
                wild = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
                never = wild and ast.unparse(last.body) == f"assert_never({ast.unparse(node.subject)})"
                yield path.relative_to(SRC).as_posix(), asked, wild, never


def test_no_match_over_conditions_terms_or_types_leaves_the_rest_to_a_wildcard():
    nodes = names_of_nodes()
    lazy = {where for where, asked, wild, never in matches() if asked & nodes and wild and not never}
    assert lazy == ANY_NODE


@pytest.mark.parametrize(
    ("recipe", "unions"),
    [
        ("A condition form", ["infoshare.syntax.tree.Condition"]),
        ("A condition form", ["infoshare.meaning.model.Condition"]),
        ("A type of fact", ["infoshare.syntax.tree.TypeExpr"]),
        ("A type of fact", ["infoshare.meaning.types.FactType"]),
    ],
)
def test_a_recipe_names_every_module_in_which_a_new_form_is_told_from_the_others(recipe, unions):
    text = (
        (ROOT / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .partition(f"**{recipe}")[2]
        .partition("\n\n**")[0]
    )
    named = set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", text))
    assert {name for name in named if not ((SRC / name).is_file() or (ROOT / name).is_file())} == set()
    nodes = names_of_nodes(*unions)
    assert nodes
    assert {where for where, asked, _, never in matches() if never and asked >= nodes} - named == set()


def test_the_type_checker_asks_that_every_match_is_exhaustive():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert "exhaustive-match" in settings["enable_error_code"]


def test_importing_the_package_needs_lark_and_attrs_alone():
    done = run(
        "import sys; before = set(sys.modules); import infoshare, infoshare.cli;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    assert done.returncode == 0, done.stderr
    third_party = {name for name in done.stdout.split() if name not in OURS and not name.startswith("_")}
    assert third_party <= {"lark", "attr", "attrs"}


def test_the_package_requires_lark_and_attrs_alone():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(re.match(r"\w+", name)[0] for name in project["dependencies"]) == ["attrs", "lark"]


def test_only_what_makes_the_tables_imports_lark():
    users = {path.relative_to(SRC).as_posix() for path in MODULES if "lark" in imported_by(path)}
    assert users == {"syntax/table_making.py"}


def test_only_what_is_offered_to_testers_imports_hypothesis():
    users = {path.relative_to(SRC).parts[0] for path in MODULES if "hypothesis" in imported_by(path)}
    assert users <= {"testing"}


EXTRAS = {
    "digests.py": {"_sha2", "_sha256"},  # of the standard library, one or the other by its version
    "casefile/yaml_text.py": {"ruamel"},
    "cli/pretty.py": {"rich"},
    "cli/completion.py": {"shtab"},
    "authoring/pygments_lexer.py": {"pygments"},
    "service/journal.py": {"opentelemetry"},
    "testing/pytest_plugin.py": {"pytest"},
    "batch/spark.py": {"pyspark"},
    "records/canonical.py": {"rfc8785"},
    "records/keys/public.py": {"cryptography"},
    "records/store/postgres.py": {"psycopg"},
    "records/store/sealing.py": {"cryptography"},
    "records/keys/files.py": {"cryptography"},
    "records/page/pdf.py": {"weasyprint"},
}
# A whole room that its extra is for; of the kinds of tables, only the one that is given is imported.
ROOMS = {
    "batch": {"numpy", "pyarrow", "narwhals", "polars", "pandas", "duckdb"},
    "service": {"starlette", "uvicorn"},
    "lsp": {"pygls", "lsprotocol"},
    "pages": {"starlette"},
}


def test_nothing_else_from_outside_is_imported_but_an_extra_by_the_one_module_that_is_for_it():
    for path in MODULES:
        place = path.relative_to(SRC)
        allowed = {"lark", "attrs", "hypothesis"} | EXTRAS.get(place.as_posix(), set())
        allowed |= ROOMS.get(place.parts[0], set())
        assert imported_by(path) - OURS <= allowed, path


@pytest.mark.parametrize(
    "name", ["pickle", "marshal", "shelve", "socket", "ssl", "http", "urllib.request", "subprocess", "ctypes"]
)
def test_no_module_imports_what_runs_or_fetches_things(name):
    users = [
        path.name
        for path in MODULES
        if re.search(rf"^\s*(import|from) {re.escape(name)}\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert users == []


@pytest.mark.parametrize("call", ["eval", "exec", "compile", "__import__", "yaml.load", "os.system"])
def test_no_module_runs_text_as_code(call):
    pattern = re.compile(rf"(?<![\w.]){re.escape(call)}\(")
    users = [path.relative_to(SRC).as_posix() for path in MODULES if pattern.search(path.read_text("utf-8"))]
    assert users == (["engine/assembly.py"] if call == "compile" else [])


def test_what_is_compiled_is_a_tree_and_never_text():
    tree = ast.parse((SRC / "engine" / "assembly.py").read_text("utf-8"))
    compiled = [
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "compile"
    ]
    assert [ast.unparse(call.args[0]) for call in compiled] == ["module"]
    assert not [
        n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"parse", "literal_eval"}
    ]


def test_no_module_goes_through_a_shell():
    assert [path.name for path in MODULES if "shell=True" in path.read_text("utf-8")] == []


def test_deciding_opens_no_socket():
    done = run(
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('a socket was opened')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from infoshare.cli import main\n"
        "sys.exit(main(['decide', 'policies/cscp.policy', 'examples/refused.json', '--json']))"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"outcome": "share"' in done.stdout


def test_nothing_below_the_doors_reads_the_clock():
    pattern = re.compile(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time)\(")
    users = {path.relative_to(SRC).as_posix() for path in MODULES if pattern.search(path.read_text("utf-8"))}
    below = {name for name in users if name.startswith(("meaning/", "syntax/"))}
    assert below == set()


def test_the_heart_can_be_read_in_one_sitting():
    assert len((SRC / "meaning" / "evaluator.py").read_text("utf-8").splitlines()) <= 300


def test_no_module_is_called_utils():
    assert [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SRC).as_posix())
def test_every_module_says_what_it_is(path):
    text = path.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))

"""The playground: what `infoshare playground` writes, and what the page behind it is answered."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest

import infoshare
from infoshare.cli import main
from infoshare.playground import markdown
from infoshare.playground.folder import PYODIDE, examples, site
from infoshare.playground.session import Session
from infoshare.scenarios import run_scenarios
from infoshare.webpage.markup import html

ROOT = Path(__file__).parent.parent
OF_PYODIDE = {
    name: f"not really {name}".encode()
    for name in (
        "pyodide.mjs",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "pyodide-lock.json",
    )
}
TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory):
    """What passes for Pyodide, in a folder as npm unpacks it."""
    folder = tmp_path_factory.mktemp("pyodide")
    (folder / "package").mkdir()
    for name, content in {**OF_PYODIDE, "README.md": b"", "console.html": b""}.items():
        (folder / "package" / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def written(pyodide):
    return site(str(pyodide), today=TODAY, version="1.2.3")


def texts_of(written):
    return {
        name: data.decode()
        for name, data in written.items()
        if name.endswith((".html", ".js", ".css", ".json", ".svg")) and not name.startswith("pyodide/")
    }


# --- the folder


def test_the_command_writes_the_folder_and_says_how_to_open_it(pyodide, tmp_path, capsys):
    assert main(["playground", str(tmp_path / "deep" / "site"), "--pyodide", str(pyodide)]) == 0
    told = capsys.readouterr().out
    assert "python -m http.server" in told
    there = {
        path.relative_to(tmp_path / "deep" / "site").as_posix()
        for path in (tmp_path / "deep" / "site").rglob("*")
        if path.is_file()
    }
    assert {"index.html", "style.css", "app.js", "python.zip", "examples.json"} <= there
    assert {f"pyodide/{name}" for name in OF_PYODIDE} <= there
    assert not {"pyodide/README.md", "pyodide/console.html", "page.css"} & there


def test_nothing_is_written_over_without_force(pyodide, tmp_path, capsys):
    (tmp_path / "style.css").write_text("mine")
    assert main(["playground", str(tmp_path), "--pyodide", str(pyodide)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["style.css"]
    assert main(["playground", str(tmp_path), "--pyodide", str(pyodide), "--force"]) == 0
    assert (tmp_path / "style.css").read_text("utf-8") != "mine"


def test_whoever_has_no_pyodide_is_told_how_to_get_it(tmp_path, capsys):
    assert main(["playground", str(tmp_path / "site")]) == 2
    told = capsys.readouterr().err
    assert f"npm pack pyodide@{PYODIDE}" in told
    assert "--pyodide" in told
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("what", ["nothing", "an empty folder", "another file"])
def test_what_is_not_pyodide_is_refused_and_nothing_is_written(what, tmp_path, capsys):
    given = tmp_path / "given"
    if what == "an empty folder":
        given.mkdir()
    elif what == "another file":
        given.write_text("no tarball")
    assert main(["playground", str(tmp_path / "site"), "--pyodide", str(given)]) == 2
    assert "npm pack" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_tarball_does_as_well_as_a_folder(pyodide, written, tmp_path):
    tarball = tmp_path / "pyodide.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        archive.add(pyodide / "package", "package")
    assert site(str(tarball), today=TODAY, version="1.2.3") == written


def test_the_same_versions_give_the_same_bytes(pyodide, written):
    assert site(str(pyodide), today=TODAY, version="1.2.3") == written


def test_the_version_that_is_asked_for_is_the_one_that_is_tried():
    project = json.loads((ROOT / "playground" / "package.json").read_text("utf-8"))
    assert project["devDependencies"]["pyodide"] == PYODIDE


def test_the_licences_are_of_the_versions_that_were_bundled(written):
    licences = written["codemirror.licences.txt"].decode()
    lock = json.loads((ROOT / "playground" / "package-lock.json").read_text("utf-8"))["packages"]
    told = re.findall(r"^(@?[a-z0-9/-]+) (\d+\.\d+\.\d+)$", licences, re.MULTILINE)
    assert ("@codemirror/view", lock["node_modules/@codemirror/view"]["version"]) in told
    assert all(lock[f"node_modules/{name}"]["version"] == version for name, version in told)


# --- the page


class Page(HTMLParser):
    """The tags of a page, and the texts within scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.within, self.code = [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.within = tag

    def handle_endtag(self, _):
        self.within = ""

    def handle_data(self, data):
        if self.within in {"script", "style"}:
            self.code += data.strip()


@pytest.fixture(scope="module")
def page(written):
    return Page(written["index.html"].decode())


def test_everything_that_the_page_and_its_scripts_name_is_there(page, written):
    named = {attributes[key] for _, attributes in page.tags for key in ("href", "src") if key in attributes}
    assert {name for name in named if not name.startswith("#")} <= written.keys()
    for name, text in texts_of(written).items():
        if name.endswith(".js") and name != "codemirror.js":
            imported = re.findall(r'from "\./([^"]+)"', text)
            loaded = re.findall(r'(?:data|beside)\("([^"]+)"\)', text)
            loaded += re.findall(r'new URL\("([^"]+)", import', text)
            assert all(
                each in written or any(place.startswith(each) for place in written)
                for each in (*imported, *loaded)
            ), name


def test_every_place_that_the_scripts_look_for_is_on_the_page(page, written):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    looked_for = set(re.findall(r'\$\("([a-z-]+)"\)', written["app.js"].decode()))
    assert looked_for <= set(ids)


def test_what_is_imported_of_codemirror_is_what_its_bundle_is_made_of(written):
    entry = (ROOT / "playground" / "codemirror.js").read_text("utf-8")
    exported = set(re.findall(r"\b([A-Za-z]+)\b", " ".join(re.findall(r"export \{([^}]+)\}", entry))))
    imported = re.search(r'import \{([^}]+)\} from "\./codemirror\.js"', written["editor.js"].decode())[1]
    assert set(re.findall(r"[A-Za-z]+", imported)) <= exported


def test_its_policy_lets_it_reach_nothing_but_its_own_files(page):
    (policy,) = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "worker-src": "blob:",
        "connect-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    tags = [tag for tag, _ in page.tags]
    assert tags.index("meta") < tags.index("script")  # a policy binds what comes after it
    assert page.tags[tags.index("meta") + 1][1].get("http-equiv") == "Content-Security-Policy"


def test_nothing_in_it_is_what_such_a_policy_forbids(page):
    assert page.code == ""
    assert [a for _, a in page.tags if any(key.startswith("on") or key == "style" for key in a)] == []


def test_no_address_of_elsewhere_is_in_what_we_wrote(written):
    allowed = {"http://www.w3.org/2000/svg"}  # a name, not a place
    for name, text in texts_of(written).items():
        if name == "examples.json":
            continue  # policies say where their sources are, as text
        assert (
            set(re.findall(r"""(?:https?:)?//[a-z0-9][^\s"'`)]*\.[a-z]{2,}[^\s"'`)]*""", text)) <= allowed
        ), name


def test_every_field_of_the_page_has_a_label(page, written):
    text = written["index.html"].decode()
    for field in re.findall(r"<(?:input|select)\b[^>]*>", text):
        before = text[: text.index(field)]
        assert before.rfind("<label") > before.rfind("</label>"), field


def test_python_starts_before_the_editor_is_read(written):
    scripts = re.findall(r'<script type="module" src="(.*?)"', written["index.html"].decode())
    assert scripts == ["service.js", "app.js"]
    assert "import " not in re.sub(r"import\(", "", written["service.js"].decode())


# --- the Python behind it


def test_the_archive_needs_nothing_but_python(written, tmp_path):
    with zipfile.ZipFile(BytesIO(written["python.zip"])) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path)  # noqa: S202 - we made it
    assert {
        "infoshare/policies/cscp.policy",
        "infoshare/codes_pages/IS201.md",
        "infoshare/language.md",
    } <= set(names)
    assert not [name for name in names if name.startswith(("infoshare/records/", "infoshare/cli/", "lark/"))]
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from datetime import date\n"
        "from infoshare.playground.session import Session\n"
        "session = Session(date(1970, 1, 1))\n"
        "for line in sys.stdin: print(session.answer(line))"
    )
    broken = SMALL.replace("given", "givn", 1)
    questions = [
        {"ask": "write", "with": {"texts": {"small.policy": broken + "rule ("}, "today": "2026-11-29"}},
        {"ask": "look", "with": {}},
        {"ask": "write", "with": {"texts": {"small.policy": SMALL}, "today": "2026-11-29"}},
        {"ask": "hover", "with": {"file": "small.policy", "at": SMALL.index("scenario") + 1}},
        {"ask": "page", "with": {"code": "IS201"}},
        {"ask": "decide", "with": {"file": "small.policy", "facts": {}, "as_of": "2026-11-29"}},
    ]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(tmp_path)],
        input="".join(json.dumps(each) + "\n" for each in questions),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    _, looked, _, hover, page, decision = (json.loads(line) for line in done.stdout.splitlines())
    assert looked["problems"]
    assert "scenario" in hover["html"]
    assert "unknown-fact" in page
    assert decision["questions"][0]["key"] == "consent.status"


def test_the_worker_starts_what_is_there(written):
    start = re.search(r"START = `(.*?)`", written["worker.js"].decode(), re.DOTALL)[1]
    assert "from infoshare.playground.session import Session" in start
    compile(start, "worker.js", "exec")


# --- what it begins with


@pytest.fixture(scope="module")
def begun():
    return {example["id"]: example for example in examples(TODAY)}


def test_one_can_begin_with_the_tutorial_and_with_every_policy_that_comes_with_infoshare(begun):
    assert next(iter(begun)) == "tutorial"
    assert list(begun["tutorial"]["texts"]) == ["sharing.policy", "vocabulary.policy", "scenarios.policy"]
    of_policies = {
        path.stem
        for path in (ROOT / "policies").glob("*.policy")
        if re.search(r"^policy ", path.read_text("utf-8"), re.MULTILINE)
    }
    assert of_policies | {"tutorial", "marlowe-vale"} == begun.keys()


@pytest.mark.parametrize("name", ["tutorial", "cscp", "hmg-2024", "marlowe-vale"])
def test_what_it_begins_with_has_no_error_and_its_cases_can_be_read(begun, name):
    example, session = begun[name], Session(TODAY)
    session.write(example["texts"], TODAY.isoformat())
    looked = session.look()
    assert looked["problems"] == []
    (policy,) = looked["policies"]
    assert looked["files"] or name == "tutorial"
    for case in example["cases"]:
        assert "html" in session.decide(policy["file"], case["facts"], TODAY.isoformat()), case["title"]


def test_every_case_of_the_examples_can_be_tried_on_some_policy(begun):
    titles = {case["title"] for example in begun.values() for case in example["cases"]}
    files = [path for path in (ROOT / "examples").iterdir() if path.suffix in {".json", ".toml"}]
    assert titles == {path.stem.replace("-", " ").capitalize() for path in files}


# --- what the page asks

SMALL = """infoshare 1

policy small "A small one 😀"
  from 2026-01-01

source book "The book"

facts about consent "consent"
  status "…" : one of given "the family agrees", refused "the family refuses"  ask "What does the family say?"

facts about each recipient "somebody who is to get it"
  secure "the way is secure" : yes or no  ask "Is the way secure?"

consent agreed "What is agreed to is shared."
  share
  when consent.status is given
  cites book "1"

consent respected "A refusal is respected."
  withhold
  when consent.status is refused
  cites book "2"

scenario "Refused"
  given
    consent.status is refused
  then withhold

scenario "Expected wrongly"
  given
    consent.status is given
  then withhold
"""


@pytest.fixture
def session():
    session = Session(date(1970, 1, 1))
    session.begin({"small.policy": SMALL})
    session.write({"small.policy": SMALL}, TODAY.isoformat())
    return session


def units(text):
    return len(text.encode("utf-16-le")) // 2


def test_questions_and_answers_are_json(session):
    told = session.answer(json.dumps({"ask": "look", "with": {}}))
    assert json.loads(told) == session.look()
    with pytest.raises(ValueError, match="no such thing"):
        session.answer('{"ask": "answer", "with": {"question": ""}}')


def test_the_answer_is_that_of_the_policy(session):
    told = session.decide("small.policy", {"consent": {"status": "refused"}}, "2026-11-29")
    decision = infoshare.load_sources({"small.policy": SMALL.encode()}, main="small.policy").decide(
        {"consent": {"status": "refused"}}, as_of=TODAY
    )
    assert [told["headline"], *told["lines"]] == decision.explain().split("\n")[:-1]
    assert told["html"] == decision.to_html(level=3)
    in_full = session.decide("small.policy", {"consent": {"status": "refused"}}, "2026-11-29", full=True)
    assert in_full["html"] == decision.to_html(full=True, level=3)
    assert told["outcome"] == "withhold"


def test_what_is_open_is_asked_for_by_the_key_of_its_field(session):
    told = session.decide("small.policy", {}, "2026-11-29")
    assert told["questions"] == [{"key": "consent.status", "ask": "What does the family say?"}]
    assert told["headline"].startswith("NOT SETTLED YET")


def test_a_clause_changed_changes_the_answer_and_what_it_was_stands_beside_it(session):
    changed = SMALL.replace(
        "  withhold\n  when consent.status is refused", "  share\n  when consent.status is refused"
    )
    session.write({"small.policy": changed}, "2026-11-29")
    told = session.decide("small.policy", {"consent": {"status": "refused"}}, "2026-11-29")
    assert told["outcome"] == "share"
    assert told["before"]["outcome"] == "withhold"
    (file,) = session.changes()
    assert [
        (line["kind"], line["text"]) for line in file["lines"] if line["kind"] in {"added", "removed"}
    ] == [
        ("removed", "  withhold"),
        ("added", "  share"),
    ]


def test_what_did_not_change_has_no_before_and_no_changes(session):
    assert "before" not in session.decide("small.policy", {"consent": {"status": "given"}}, "2026-11-29")
    assert session.changes() == []


def test_a_case_that_cannot_be_read_is_told_with_its_place(session):
    told = session.decide("small.policy", {"consent": {"status": "perhaps"}}, "2026-11-29")
    assert [fault["path"] for fault in told["faults"]] == ["consent.status"]


def test_while_the_policy_has_an_error_the_form_stays_and_nothing_is_decided(session):
    form = session.form("small.policy")
    assert [group["name"] for group in form] == ["consent", "recipient"]
    session.write({"small.policy": SMALL + "\nrule"}, "2026-11-29")
    assert session.form("small.policy") == form
    assert session.decide("small.policy", {}, "2026-11-29").keys() == {"refused"}
    assert [problem["severity"] for problem in session.look()["problems"]] == ["error"]


def test_what_is_found_is_what_check_finds(session, tmp_path, capsys):
    (tmp_path / "small.policy").write_text(SMALL, "utf-8")
    main(["check", str(tmp_path), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    diagnostics = told["diagnostics"] if isinstance(told, dict) else told
    assert [(p["code"], p["message"], p["line"]) for p in session.check()] == [
        (d["code"], d["message"], d["line"]) for d in diagnostics
    ]


def test_scenarios_are_run_and_each_has_its_case(session):
    results = session.scenarios("small.policy")
    policy = infoshare.load_sources({"small.policy": SMALL.encode()}, main="small.policy")
    assert [(r["title"], r["passed"]) for r in results] == [
        (r.title, r.passed) for r in run_scenarios(policy, today=TODAY)
    ]
    assert results[1]["difference"]
    assert results[0]["facts"]["consent"] == {"status": "refused"}
    assert results[0]["as_of"] == "2026-01-01"


def test_places_are_counted_as_a_browser_counts_them(session):
    at = units(SMALL[: SMALL.index("agreed")])
    told = session.hover("small.policy", at + 1)
    assert told["from"] == at
    assert "What is agreed to is shared." in told["html"]
    broken = SMALL.replace("is refused\n  cites", "is refuse\n  cites", 1)
    session.write({"small.policy": broken}, "2026-11-29")
    (problem,) = session.look()["problems"]
    start = units(broken[: broken.index("refuse\n")])
    assert (problem["from"], problem["to"]) == (start, start + len("refuse"))


def test_the_values_of_the_fact_that_is_asked_can_be_completed(session):
    text = SMALL + '\nrule more "More."\n  share\n  when consent.status is '
    session.write({"small.policy": text}, "2026-11-29")
    labels = [each["label"] for each in session.complete("small.policy", units(text))]
    assert {"given", "refused"} <= set(labels)


def test_a_file_is_laid_out_as_fmt_does_or_refused(session):
    session.write({"small.policy": SMALL.replace("  share\n", "     share\n")}, "2026-11-29")
    assert session.lay_out("small.policy") == {"text": SMALL}
    session.write({"small.policy": "infoshare 1\nrule"}, "2026-11-29")
    assert session.lay_out("small.policy").keys() == {"refused"}


def test_a_case_in_toml_becomes_plain_data(session):
    told = session.read("case.toml", "[child]\nborn = 2020-01-31\n")
    assert told == {"facts": {"child": {"born": "2020-01-31"}}}
    assert session.read("case.json", "{").keys() == {"faults"}


def test_a_file_that_is_taken_away_is_gone(session):
    session.write({"other.policy": SMALL}, "2026-11-29")
    assert [each["file"] for each in session.look()["policies"]] == ["other.policy"]
    assert [each["file"] for each in session.changes()] == ["small.policy", "other.policy"]


def test_no_message_says_where_the_page_keeps_its_texts(session):
    session.write(
        {"a.policy": 'infoshare 1\nuse "b.policy"\n', "b.policy": 'infoshare 1\nuse "a.policy"\n'},
        "2026-11-29",
    )
    told = json.dumps(session.look())
    assert "IS806" in told
    assert "/playground" not in told


# --- Markdown


def test_what_anybody_wrote_stays_text():
    assert html(markdown.markup("<b> & `<i>`")) == "<p>&lt;b&gt; &amp; <code>&lt;i&gt;</code></p>"


def test_headings_lists_and_what_is_written_in_a_language_are_told_apart():
    told = html(
        markdown.markup("# A\n\none\ntwo\n\n- x\n  y\n- **z** *w*\n\n```policy\nrule\n  share\n```\nend")
    )
    assert told == (
        "<h3>A</h3><p>one two</p><ul><li>x y</li><li><strong>z</strong> <em>w</em></li></ul>"
        '<pre tabindex="0"><code>rule\n  share\n</code></pre><p>end</p>'
    )


def test_a_link_leads_to_the_web_or_is_none():
    told = html(markdown.markup("[a](https://example.org/x) [b](javascript:alert) [c](#part)"))
    assert told == (
        '<p><a href="https://example.org/x" target="_blank" rel="noopener noreferrer">a</a> b c</p>'
    )


# --- the chapter of the tutorial


def test_the_chapter_of_the_tutorial_tells_what_the_page_shows(begun):
    tutorial = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    added = re.findall(r"^```policy sharing\.policy \+\n(.*?)^```$", tutorial, re.DOTALL | re.MULTILINE)
    (when,) = re.findall(
        r"^```policy sharing\.policy after seek consent\n(.*?)^```$", tutorial, re.DOTALL | re.MULTILINE
    )
    chapter = tutorial.partition("## 10. ")[2].partition("\n## ")[0]
    assert f"`{when.strip()}`" in chapter
    texts, session, refused = begun["tutorial"]["texts"], Session(TODAY), {"consent": {"status": "refused"}}
    session.begin(texts)
    written = texts["sharing.policy"].replace("  seek consent\n", f"  seek consent\n{when}")
    session.write({**texts, "sharing.policy": written}, TODAY.isoformat())
    assert "IS602" in [problem["code"] for problem in session.check()]
    told = session.decide("sharing.policy", refused, TODAY.isoformat())
    assert (told["outcome"], told["before"]["outcome"]) == ("seek_advice", "seek_consent")
    session.write({**texts, "sharing.policy": written + added[0] + added[1]}, TODAY.isoformat())
    assert session.look()["problems"] == []
    assert (
        session.decide("sharing.policy", refused, TODAY.isoformat())["questions"][0]["key"]
        == "concern.serious"
    )
    (scenario,) = session.scenarios("scenarios.policy")
    assert not scenario["passed"]

"""`infoshare doc`: a page that says everything, in which nothing that a policy says can act."""

import re
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import infoshare
from infoshare.authoring.page import Examples, page
from infoshare.authoring.page.style import STYLE
from infoshare.cli import main
from infoshare.explain.aloud import Reader
from infoshare.policy.load import load_result
from kept import KEPT

ROOT = Path(__file__).parent.parent
SHIPPED = ["cscp", "hmg-2018", "hmg-2024", "england-2026"]
DAY = date(2026, 6, 1)
VOID = {"meta", "br", "col"}

HOSTILE = """\
infoshare 1
policy p "<script>alert(1)</script> </title></style> & 'quoted'"
  version "<b>1</b>"
  owner "javascript:alert(2)"
  from 2026-01-01
source s "<img src=x onerror=alert(3)>" by "</desc></svg>" at "javascript:alert(4)"
facts about child "the child <i>"
  seen "the child has been seen <u>" : yes or no
    ask "Seen? <a href='javascript:alert(5)'>yes</a>"
  likes "the child likes …" : one of a "<em>", b "]]>"
consent c "x'] click n0 href 'javascript:alert(6)' --> ; n9[x] %%{init: {}}%% <script>"
  share
  when child.seen
  because "</p><script>alert(7)</script>"
  cites s "<script>8</script>"
override o "y', URL='javascript:alert(9)', label='; } &#34; &quot;"
  withhold
  prevails over c
  when child.likes is b
exception e "z `_*` #quot; <br/>"
  sets aside o
  when not child.seen
guarantee g "Never <script>."
  never share
  when child.seen
scenario "<script>alert(10)</script>"
  given
    child.seen
    child.likes is a
  then withhold
"""


class Outline(HTMLParser):
    """The elements of a page: whatever is opened is closed, in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text, self.heads = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, name, attributes):
        keys = [key for key, _ in attributes]
        assert len(keys) == len(set(keys))
        self.seen.append((name, dict(attributes)))
        if name not in VOID:
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text.append(data)
            if self.open and re.fullmatch("h[1-6]", self.open[-1]):
                self.heads.append(int(self.open[-1][1]))

    @property
    def plain(self):
        return " ".join("".join(self.text).split())


def page_of(name):
    own = load_result(KEPT / f"{name}.policy")
    tried = load_result(KEPT / f"{name}-scenarios.policy")
    return own.policy, tried.policy, page(own.policy, [Examples(tried.policy, tried.files)], today=DAY)


@pytest.fixture(scope="module", params=SHIPPED)
def shipped(request):
    return page_of(request.param)


def written(tmp_path, text):
    path = tmp_path / "p.policy"
    path.write_text(text, encoding="utf-8")
    result = load_result(path)
    assert result.policy is not None, result.diagnostics
    return page(result.policy, [Examples(result.policy, result.files)], today=DAY)


@pytest.fixture
def hostile(tmp_path):
    return written(tmp_path, HOSTILE)


def said(text):
    return " ".join(text.split())


def test_every_element_is_closed_and_every_id_is_there_once(shipped):
    found = Outline(shipped[2])
    ids = [attributes["id"] for _, attributes in found.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"] for name, a in found.seen if name == "a"}
    targets |= {f"#{i}" for _, a in found.seen for i in a.get("aria-labelledby", "").split()}
    assert {target.removeprefix("#") for target in targets} <= set(ids)


def test_every_clause_is_there_with_its_statement_its_reason_and_the_source_that_it_cites(shipped):
    policy, _, text = shipped
    found = Outline(text).plain
    model = policy.model
    tables = (model.clauses, model.exceptions, model.duties, model.safeguards, model.advice, model.guarantees)
    for clause in (clause for table in tables for clause in table.values()):
        assert said(clause.statement).rstrip(".")[1:] in found
        assert f"<code>{clause.name}</code>" in text
        assert said(clause.because or "").rstrip(".") in found
        assert all(said(model.sources[cite.source].title) in found for cite in clause.cites)


def test_every_question_is_there_with_every_answer(shipped):
    policy, _, text = shipped
    found = Outline(text).plain
    for fact in policy.facts:
        assert said(fact.question or "") in found
        assert fact.name in found
        assert all(said(label) in found for label in fact.labels.values())


def test_every_scenario_is_there_with_what_is_decided(shipped):
    _, tried, text = shipped
    found = Outline(text)
    assert all(said(scenario.title) in found.plain for scenario in tried.scenarios)
    assert found.plain.count("✓ as expected") == len(tried.scenarios)
    assert "✗" not in found.plain


def test_the_title_the_version_the_owner_and_the_digest_are_there(shipped):
    policy, _, text = shipped
    header = policy.model.header
    found = Outline(text).plain
    assert all(part in found for part in (header.title, header.version, header.owner, policy.model.digest))


def test_it_is_the_same_page_each_time():
    assert page_of("cscp")[2] == page_of("cscp")[2]


def test_no_folder_of_the_machine_that_wrote_it_is_on_it(tmp_path, hostile):
    assert str(tmp_path) not in hostile
    assert "What the scenarios of p.policy show" in Outline(hostile).plain


def test_headings_go_down_one_level_at_a_time(shipped):
    heads = Outline(shipped[2]).heads
    assert heads[0] == 1
    assert heads.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(heads))


def test_it_has_a_language_landmarks_and_tables_with_headers(shipped):
    found = Outline(shipped[2])
    names = [name for name, _ in found.seen]
    assert found.seen[0] == ("html", {"lang": "en"})
    assert {"header", "nav", "main", "footer"} <= set(names)
    assert all(attributes.get("scope") in {"col", "row"} for name, attributes in found.seen if name == "th")


def test_the_grid_says_which_clause_acts_on_which_to_those_who_see_it_and_those_who_do_not(shipped):
    policy, _, text = shipped
    rows = grid_of(text)
    told = {
        (actor, target): verb
        for actors, cells in rows
        for targets, verb in cells
        for actor in actors
        for target in targets
    }
    reader = Reader(policy.model)
    wanted = {
        (reader.number[name], reader.number[target]): (
            "sets aside" if name in policy.model.exceptions else "prevails over"
        )
        for name, targets in policy.model.targets.items()
        for target in targets
    }
    assert told == wanted


def grid_of(text):
    """For each row the numbers of its clauses, and for each mark the numbers of its column and what it says."""
    (table,) = re.findall(r'<table class="grid">(.*?)</table>', text, re.DOTALL)
    head, *body = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)

    def numbers(cell):
        return [int(number) for number in re.findall(r"href=\"#clause-(\d+)\"", cell)]

    columns = [numbers(cell) for cell in re.findall(r"<th scope=\"col\">(.*?)</th>", head)][1:]
    for row in body:
        cells = re.findall(r"<td>(.*?)</td>", row)
        verbs = ["".join(re.findall(r'class="unseen">([a-z ]+)<', cell)) for cell in cells]
        assert len(verbs) == len(columns)
        yield numbers(row), [(at, verb) for at, verb in zip(columns, verbs, strict=True) if verb]


def test_nothing_on_it_runs_and_nothing_is_fetched(shipped, hostile):
    for text in (shipped[2], hostile):
        holds_nothing_that_acts(text)


def holds_nothing_that_acts(text):
    for name, attributes in Outline(text).seen:
        assert name not in {
            "script",
            "iframe",
            "object",
            "embed",
            "link",
            "img",
            "form",
            "base",
            "b",
            "i",
            "u",
            "em",
        }
        assert not any(key.startswith("on") or key in {"src", "style"} for key in attributes)
        assert attributes.get("href", "#").startswith("#")
        assert attributes.get("xmlns", "http://www.w3.org/2000/svg") == "http://www.w3.org/2000/svg"
    assert "@import" not in text
    assert re.findall(r"url\([^)]*\)", text.partition("</style>")[0]) == []


def test_its_own_security_policy_allows_its_style_and_nothing_else(shipped):
    allowed = next(a["content"] for _, a in Outline(shipped[2]).seen if "http-equiv" in a)
    assert allowed.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in allowed


def test_whatever_a_policy_says_is_only_text(hostile):
    plain = Outline(hostile).plain
    for number in (1, 4, 5, 6, 7, 9, 10):
        assert f"alert({number})" in plain
    assert "<img src=x onerror=alert(3)>" in plain
    assert "</desc></svg>" in plain
    assert "<svg" not in hostile


def texts(hostile):
    return [
        re.sub(
            r"&(\w+|#x27);",
            lambda f: {"lt": "<", "gt": ">", "quot": '"', "amp": "&", "#x27": "'"}[f[1]],
            found,
        )
        for found in re.findall(r"<pre[^>]*>(.*?)</pre>", hostile, re.DOTALL)
    ]


def test_in_the_mermaid_text_no_label_gets_out_of_its_quotes(hostile):
    lines = texts(hostile)[0].splitlines()
    assert lines[0] == "flowchart TB"
    for line in lines[1:]:
        assert re.fullmatch(
            r'  n\d+\["[A-Za-z0-9 .#;]*(<br/>[A-Za-z0-9 .#;]*)*"\]|  n\d+ (-->|-\.->)\|[a-z ]+\| n\d+', line
        )


def test_in_the_dot_text_no_label_gets_out_of_its_quotes(hostile):
    lines = texts(hostile)[1].splitlines()
    assert lines[0] == "digraph policy {"
    assert lines[-1] == "}"
    for line in lines[2:-1]:
        assert re.fullmatch(r'  n\d+( -> n\d+)? \[label="([^"\\]|\\.)*"(, style=dashed)?\];', line)
    assert "} &amp;#34; &amp;quot;" in "\n".join(lines)


def test_a_guarantee_that_can_fail_is_shown_with_a_case_against_it_and_one_that_holds_is_proved(
    hostile, shipped
):
    found = Outline(hostile).plain
    assert "✗ It can fail." in found
    assert "0 of 1 hold" in found
    proved = Outline(shipped[2]).plain
    kept = proved.count("✓ Proved: it holds for every case there can be.")
    assert kept + proved.count("It holds wherever clauses agree.") == len(shipped[0].model.guarantees)


CLASHING = """infoshare 1
policy p "P" from 2026-01-01
source s "S"
facts about x "the case"
  risk "a child is at risk" : yes or no
  forbidden "a court forbids it" : yes or no
  grave "it is grave" : yes or no
rule protect "What protects is shared." share when x.risk cites s "1"
# allow IS601 court x protect: the lawyers decide
rule court "What a court forbids is not shared." must withhold when x.forbidden cites s "2"
# allow IS602: what is neither goes to the panel
rule other "All else is kept." withhold when not x.risk and not x.forbidden and x.grave cites s "3"
guarantee child_first "A child at risk is never left." never withhold when x.risk cites s "4"
guarantee never_forbidden "What is forbidden and harmless stays." always withhold when x.forbidden and not x.risk cites s "5"
"""


@pytest.fixture
def clashing(tmp_path):
    path = tmp_path / "p.policy"
    path.write_text(CLASHING.replace('policy p "P"', 'policy p "P"'), encoding="utf-8")
    return path


def test_what_was_allowed_is_on_the_page_with_the_authors_reason_and_nothing_is_called_proved_over_it(
    clashing, capsys
):
    assert main(["doc", str(clashing)]) == 0
    found = Outline(capsys.readouterr().out).plain
    section = found[
        found.rindex("Where clauses disagree, and who decides then", 0, found.index("What holds for")) :
    ]
    assert "Clause 1 can apply together with clause 2, which gives another answer" in section
    assert "The authors' reason: The lawyers decide." in section
    assert found.count("✓ Proved") == 1  # of the guarantee in whose cases no clauses disagree
    assert found.count("It holds wherever clauses agree.") == 1
    assert "All of them hold wherever clauses agree" in found


def test_a_clash_that_nobody_allowed_is_on_the_page_as_well(clashing, capsys):
    text = clashing.read_text(encoding="utf-8")
    clashing.write_text(
        text.replace("# allow IS601 court x protect: the lawyers decide\n", ""), encoding="utf-8"
    )
    assert main(["doc", str(clashing)]) == 0
    found = Outline(capsys.readouterr().out).plain
    assert "Clause 1 can apply together with clause 2" in found
    assert "No reason is given." in found


def test_everything_else_that_was_allowed_and_bears_on_meaning_is_on_the_page(clashing, capsys):
    text = clashing.read_text(encoding="utf-8").replace(
        "policy p", "# allow IS602: the panel decides\npolicy p"
    )
    clashing.write_text(
        text.replace("# allow IS602: what is neither goes to the panel\n", ""), encoding="utf-8"
    )
    assert main(["doc", str(clashing)]) == 0
    found = Outline(capsys.readouterr().out).plain
    assert "There are cases that no clause decides: the answer is then to seek advice." in found
    assert "The authors' reason: The panel decides." in found
    assert main(["read", str(clashing)]) == 0
    aloud = capsys.readouterr().out
    assert "WHERE CLAUSES DISAGREE, AND WHO DECIDES THEN\n" in aloud
    assert "The authors' reason: The lawyers decide." in aloud
    assert "The authors' reason: The panel decides." in aloud
    assert "x.risk" not in aloud


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("not x.risk or x.grave", "no child is at risk or it is grave"),
        ("not x.risk and x.grave", "no child is at risk and it is grave"),
        ("x.grave or not x.risk", "it is grave or no child is at risk"),
        ("not x.risk or not x.grave", "no child is at risk or it is not grave"),
    ],
)
def test_on_the_page_that_people_sign_not_before_and_or_or_denies_the_first_alone(
    clashing, capsys, condition, said
):
    text = clashing.read_text(encoding="utf-8")
    clashing.write_text(text.replace("share when x.risk", f"share when {condition}"), encoding="utf-8")
    assert main(["doc", str(clashing)]) == 0
    assert f"It may be shared when {said}." in " ".join(Outline(capsys.readouterr().out).plain.split())


def test_a_way_of_counting_years_that_a_comment_allows_is_read_and_on_the_page(tmp_path, capsys):
    path = tmp_path / "p.policy"
    path.write_text(
        'infoshare 1\npolicy p "P" from 2026-01-01\nsource s "S"\nfacts about child "the child"\n'
        '  born_on "the day of birth" : date ask "When?"\n'
        'define of_age "the child is of age" as today >= 18 years after child.born_on  # allow IS613: the Act says so\n'
        'consent own "Who is of age decides." share when of_age cites s "1"\n'
        "# allow IS613: our lawyers say the 28th\n"
        'rule kept "All else is kept." withhold when today < 18 years after child.born_on cites s "2"\n',
        encoding="utf-8",
    )
    for command, text in (("read", str), ("doc", lambda page: Outline(page).plain)):
        assert main([command, str(path)]) == 0
        told = " ".join(text(capsys.readouterr().out).split())
        assert (
            "By “the child is of age”, years that are counted from 29 February are over on 28 February."
            in told
        )
        assert "The authors' reason: The Act says so." in told
        assert "By clause 2, years that are counted from 29 February are over on 28 February." in told
        assert "The authors' reason: Our lawyers say the 28th." in told


def test_a_scenario_that_is_not_decided_as_expected_says_so(hostile):
    found = Outline(hostile).plain
    assert "✗ not as expected" in found
    assert "Expected withhold, decided share" in found


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(scheme):
    light, dark = re.split(r"@media screen and \(prefers-color-scheme: dark\)", STYLE)
    colours = dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark.partition("}")[0])
    )
    assert len(colours) == 20
    tones = ["share", "consent", "withhold", "advice", "exception", "duty", "plain"]
    pairs = [(tone, f"{tone}-back") for tone in tones] + [(tone, "paper") for tone in tones]
    pairs += [(text, behind) for text in ("ink", "soft", "accent") for behind in ("paper", "sheet")]
    for text, behind in pairs:
        lighter, darker = sorted((luminance(colours[text]), luminance(colours[behind])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, behind)


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_the_page_to_a_file(tmp_path, capsys):
    out = tmp_path / "page.html"
    scenarios = str(KEPT / "cscp-scenarios.policy")
    assert main(["doc", str(KEPT / "cscp.policy"), "-o", str(out), "--scenarios", scenarios]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text("utf-8").startswith("<!doctype html>\n")
    assert "Cases, and what is decided" in out.read_text("utf-8")


def test_of_a_folder_only_scenarios_of_the_policy_are_shown(tmp_path):
    out = tmp_path / "page.html"
    assert main(["doc", str(KEPT / "cscp.policy"), "-o", str(out), "--scenarios", str(KEPT)]) == 0
    expected = len(infoshare.load(KEPT / "cscp-scenarios.policy").scenarios)
    assert Outline(out.read_text("utf-8")).plain.count("✓ as expected") == expected


def test_without_a_file_it_goes_to_standard_output(capsys):
    assert main(["doc", "infoshare:cscp"]) == 0
    text = capsys.readouterr().out
    assert Outline(text).seen[0][0] == "html"
    assert "Cases, and what is decided" not in text


def test_a_dash_is_standard_output(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = []
    for arguments in (["doc", "infoshare:cscp"], ["doc", "infoshare:cscp", "-o", "-"]):
        assert main(arguments) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_scenarios_of_another_policy_is_refused(capsys):
    code = main(["doc", str(KEPT / "cscp.policy"), "--scenarios", str(KEPT / "hmg-2018-scenarios.policy")])
    assert code == 2
    assert "holds no scenarios of this policy" in capsys.readouterr().err


def test_a_policy_with_an_error_is_told_and_gives_no_page(tmp_path, capsys):
    path, out = tmp_path / "p.policy", tmp_path / "page.html"
    path.write_text("infoshare 1\nconsent c\n", encoding="utf-8")
    assert main(["doc", str(path), "-o", str(out)]) == 3
    assert not out.exists()


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    assert main(["doc", "infoshare:cscp", "-o", str(tmp_path / "no" / "page.html")]) == 2
    assert "cannot be written" in capsys.readouterr().err

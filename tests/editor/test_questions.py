"""What an author asks about a place: what could be written, what it is, where else it stands, what can be done."""

from bisect import bisect_left
from itertools import product
from pathlib import Path

import pytest
from desk import CASES, POLICY, WORDS, desk, place

from infoshare import catalogue
from infoshare.editor import actions, completion, hierarchy, hover, navigation, outline, trying
from infoshare.editor.navigation import Change, Refusal
from infoshare.syntax.parser import parse
from infoshare.syntax.words import DECLARATIONS
from infoshare.text import Source, Span


@pytest.fixture
def folder(tmp_path):
    return tmp_path.as_posix()


def offered(tmp_path, text, *, file="local"):
    """What is offered at the place that `|` marks in a file with this text."""
    at = text.index("|")
    workspace = desk(tmp_path, **{file: text.replace("|", "")})
    return [
        each.label for each in completion.completions(workspace, f"{tmp_path.as_posix()}/{file}.policy", at)
    ]


def with_clause(clause):
    return POLICY + "\n" + clause


# --- completion --------------------------------------------------------------------------------------


def test_after_is_the_values_of_this_fact_are_offered_first(tmp_path):
    found = offered(tmp_path, with_clause('rule a "A."\n  share\n  when consent.status is |'))
    assert found[:3] == ["given", "refused", "not_sought"]
    assert "none" not in found


@pytest.mark.parametrize("words", ["is not |", "is one of |", "is not one of |", "is ref|"])
def test_the_values_of_a_fact_are_offered_wherever_one_can_stand(words, tmp_path):
    found = offered(tmp_path, with_clause(f'rule a "A."\n  share\n  when consent.status {words}'))
    assert {"given", "refused", "not_sought"} <= set(found)


EVERY_TYPE = """\
infoshare 1

policy every "Every type" from 2026-01-01

facts about a "a"
  yes_no "y" : yes or no
  one "o" : one of low "low", middle, high "high" in order
  other_one "oo" : one of low, red
  some "s" : some of fear, harm
  number "n" : number from 0 to 9
  other_number "on" : number
  day "d" : date
  other_day "od" : date
  words "w" : text

facts about each person "p"
  grown "g" : yes or no
  friend "f" : one person
  age "a" : number

facts about each item "i"
  about "a" : one person
  told_by "t" : one person
  all_about "aa" : some person
  others "o" : some person

value limit 3 from 2026-01-01
value since 2026-01-01 from 2026-01-01
value period 6 months from 2026-01-01

define grown_up "g" for each person as person.grown
"""
GIVEN = """
scenario "S"
  given
    person "Ann"
"""
OPERATORS = (
    "is,is not,is one of,is exactly,includes,includes any of,is at least,is more than,is less than,<".split(
        ","
    )
)


def test_after_each_operator_and_each_type_exactly_what_would_be_no_fault_is_offered(tmp_path):
    workspace = desk(tmp_path)
    path = f"{tmp_path.as_posix()}/every.policy"
    facts = [
        each.symbol[1]
        for each in workspace.edited(path, EVERY_TYPE).document(path).declared
        if each.symbol[0] == "fact"
    ]
    assert len(facts) == 16
    words = (
        "yes no low middle high red fear harm limit since period today empty person none unsure a grown_up"
    )
    candidates = [*words.split(), "none of them", *facts]
    # Each by itself, as a name that is none is told of once in a policy.
    for fact, how in product(facts, OPERATORS):
        each_item = "  for each item\n" if fact.startswith("item.") else ""
        before = f'"R."\n  share\n{each_item}  when any person (a.yes_no and (a.yes_no and {fact} {how} '
        text = f"{EVERY_TYPE}\nrule r {before}"
        found = completion.completions(workspace.edited(path, text), path, len(text))
        offered = {each.text for each in found if each.kind != "word" or each.text in candidates}
        others = [word for word in candidates if word != fact]
        whole, ends = EVERY_TYPE, []
        for word in others:
            whole += f"\nrule r{len(ends)} {before}{word}))\n"
            ends.append(len(whole))
        faults = workspace.edited(path, whole).load(path).diagnostics
        faulty = {bisect_left(ends, fault.span.start + 1) for fault in faults}
        wanted = {word for at, word in enumerate(others) if at not in faulty}
        # A length of time is no operand by itself: what follows it is `before` or `after` a date.
        # And that nobody is named is written in one way, though `is empty` can be read wherever it is said.
        nobody = {"empty", "none of them"}
        also = nobody - offered if how == "is one of" or offered & nobody else set()
        assert offered - {"period"} == wanted - also, (fact, how)


def test_after_an_operator_values_stand_first_then_facts_then_words(tmp_path):
    workspace = desk(tmp_path)
    path = f"{tmp_path.as_posix()}/every.policy"

    def kinds(condition):
        text = f'{EVERY_TYPE}\nrule r "R."\n  share\n  for each item\n  when {condition}'
        found = completion.completions(workspace.edited(path, text), path, len(text))
        return [(each.kind, each.text) for each in sorted(found, key=lambda each: each.order)]

    assert kinds("a.one is ")[:3] == [("value", "low"), ("value", "middle"), ("value", "high")]
    assert {kind for kind, _ in kinds("a.one is ")} == {"value", "word"}
    assert kinds("a.day >= ")[:2] == [("value", "today"), ("define", "since")]
    assert kinds("any person (item.about is ")[:2] == [("group", "person"), ("fact", "person.friend")]
    assert kinds("a.one is one of low, ") == [("value", "middle"), ("value", "high")]


def test_a_scenario_gives_a_reference_the_names_that_it_gives_and_a_fact_its_own_answers(tmp_path):
    workspace = desk(tmp_path)
    path = f"{tmp_path.as_posix()}/every.policy"

    def texts(given):
        text = EVERY_TYPE + GIVEN + given
        return [each.text for each in completion.completions(workspace.edited(path, text), path, len(text))]

    assert texts('    item "Report" (about is ') == ['"Ann"', "none of them", "unsure"]
    assert texts('    item "Report" (all_about is ') == ['"Ann"', "empty", "unsure", "exactly"]
    assert texts("    a.some is ") == ["fear", "harm", "none", "unsure", "exactly"]
    assert texts("    a.some is exactly fear, ") == ["harm"]
    assert texts("    a.number is ") == ["unsure"]
    assert texts("    a.yes_no is ") == ["yes", "no", "unsure"]


def test_where_only_some_facts_can_stand_no_other_is_offered(tmp_path):
    workspace = desk(tmp_path)
    path = f"{tmp_path.as_posix()}/every.policy"

    def facts(clause):
        text = f"{EVERY_TYPE}\n{clause}"
        found = completion.completions(workspace.edited(path, text), path, len(text))
        return [each.text for each in found if each.kind == "fact"]

    rule = 'rule r "R."\n  share\n  for each item\n  when '
    assert facts(f"{rule}any person in ") == REFERENCES
    assert facts(f"{rule}any person (any person in ") == ["person.friend", *REFERENCES]
    assert facts(f"{rule}a.number >= a.other_number plus ") == ["a.number", "a.other_number"]
    assert facts(f"{rule}a.day < 6 months after ") == ["a.day", "a.other_day"]
    assert facts('duty d "D."\n  before sharing\n  within 2 days of ') == ["a.day", "a.other_day"]
    assert facts("value v by ") == ["a.yes_no", "a.one", "a.other_one"]
    assert facts('rule r "R."\n  seek consent from ') == ["person.friend", *REFERENCES]


REFERENCES = ["item.about", "item.told_by", "item.all_about", "item.others"]


def test_in_a_condition_facts_defines_and_words_are_offered_and_no_clause(tmp_path):
    found = offered(tmp_path, with_clause('rule a "A."\n  share\n  when |'))
    assert {"consent.status", "concern.harm", "danger", "not", "any of these"} <= set(found)
    assert "agreed" not in found
    assert "cites" not in found


def test_after_a_dot_the_facts_of_that_group_alone_are_offered(tmp_path):
    found = offered(tmp_path, with_clause('rule a "A."\n  share\n  when concern.|'))
    assert found == ["concern.harm", "concern.urgent"]


@pytest.mark.parametrize(
    ("words", "those", "others"),
    [
        (
            'override o "O."\n  share\n  prevails over |',
            {"agreed", "refused", "in_danger", "every"},
            {"tell", "no_time", "danger"},
        ),
        ('exception e "E."\n  sets aside |', {"agreed", "tell", "no_time"}, {"danger"}),
        ('exception e "E."\n  relaxes |', {"agreed", "refused"}, {"tell", "no_time"}),
        ('guarantee g "G."\n  always requires |', {"tell"}, {"agreed"}),
        ('override o "O."\n  share\n  prevails over agreed, |', {"refused", "in_danger"}, {"tell"}),
    ],
)
def test_targets_are_of_the_kind_that_can_stand_there(words, those, others, tmp_path):
    found = set(offered(tmp_path, with_clause(words)))
    assert those <= found
    assert not others & found


def test_no_clause_is_offered_as_a_target_of_itself(tmp_path):
    assert "new_one" not in offered(
        tmp_path, with_clause('override new_one "O."\n  share\n  prevails over |')
    )


def test_after_cites_the_sources_are_offered(tmp_path):
    assert offered(tmp_path, with_clause('rule a "A."\n  share\n  cites |'))[:1] == ["handbook"]


@pytest.mark.parametrize(
    ("words", "those", "others"),
    [
        ('override o "O."\n  share\n  prevails over every |', {"consent", "clause"}, {"consent …"}),
        ('duty d "D."\n  after seeking |', {"consent", "advice"}, {"consent …", "advice …"}),
        ('rule a "A."\n  share\n  when consent.status is given |', {"and", "unless", "cites"}, {"rule", "scenario", "rule …"}),
        ('rule a "A."\n  share\n  when |', {"concern.urgent", "any"}, {"person.adult", "item.about"}),
        ('rule a "A."\n  share\n  for each item\n  when |', {"item.about"}, {"person.adult"}),
        ("facts about each |", {"recipient"}, {"item", "person", "each"}),
        ('facts about z "z"\n  a "a" : yes or no |', {"ask", "unanswered means"}, {"person", "item"}),
    ],
)  # fmt: skip
def test_what_is_offered_can_stand_there(words, those, others, tmp_path):
    found = set(offered(tmp_path, with_clause(words)))
    assert those <= found
    assert not others & found


def test_on_an_indented_line_what_goes_on_with_the_clause_comes_before_another_declaration(tmp_path):
    text = with_clause('rule a "A."\n  share\n  when consent.status is given\n  ')
    workspace = desk(tmp_path, local=text)
    found = completion.completions(workspace, f"{tmp_path.as_posix()}/local.policy", len(text))
    in_order = [each.label for each in sorted(found, key=lambda each: each.order)]
    assert max(map(in_order.index, ("and", "or", "unless", "cites"))) < min(
        map(in_order.index, ("rule", "define", "rule …"))
    )


def test_in_a_given_element_another_fact_comes_after_a_comma(tmp_path):
    words = (
        WORDS
        + '\nfacts about each recipient "a recipient"\n  role "their role" : one of school "a school", police "the police"\n  told "they know" : yes or no\n'
    )
    text = CASES + '\nscenario "s"\n  given\n    recipient "a" (role is school, '
    workspace = desk(tmp_path, words=words, cases=text)
    found = {
        each.label
        for each in completion.completions(workspace, f"{tmp_path.as_posix()}/cases.policy", len(text))
    }
    assert "told" in found
    assert not {"police", "unsure"} & found


def test_where_a_declaration_can_begin_each_is_offered_as_a_whole(tmp_path):
    found = offered(tmp_path, POLICY + "\n|")
    assert {f"{word} …" for word in DECLARATIONS if word != "infoshare"} <= set(found)


@pytest.mark.parametrize("word", sorted(set(DECLARATIONS) - {"infoshare"}))
def test_each_whole_declaration_that_is_offered_can_be_read_as_it_stands(word):
    text = completion.SNIPPETS[word]
    while "${" in text:
        start = text.index("${")
        end = text.index("}", start)
        inside = text[start + 2 : end]
        first = inside.split("|")[1].split(",")[0] if "|" in inside else inside.partition(":")[2]
        text = text[:start] + first + text[end + 1 :]
    parsed = parse(Source("a", f"infoshare 1\n{text}"))
    assert parsed.diagnostics == ()
    assert len(parsed.file.declarations) == 1


def test_in_a_scenario_facts_and_their_values_are_offered(tmp_path):
    head = 'infoshare 1\n\nuse "local.policy"\n\nscenario "S"\n  given\n    '
    assert "consent.status" in offered(tmp_path, head + "|", file="cases")
    assert offered(tmp_path, head + "consent.status is |", file="cases")[:4] == [
        "given",
        "refused",
        "not_sought",
        "unsure",
    ]
    assert "adult" in offered(tmp_path, head + 'person "Ann" (|', file="cases")
    assert "tell" in offered(
        tmp_path, head + "consent.status is given\n  then share\n    with |", file="cases"
    )
    assert "agreed" in offered(
        tmp_path, head + "consent.status is given\n  then share\n    because of |", file="cases"
    )


def test_what_a_fact_can_be_assumed_to_be_is_offered(tmp_path):
    found = offered(
        tmp_path, WORDS + '\nfacts about a "a"\n  b "b" : one of c, d\n    unanswered means |', file="words"
    )
    assert found[:2] == ["c", "d"]


def test_in_use_the_files_beside_are_offered_and_those_that_come_with_infoshare(tmp_path):
    found = offered(tmp_path, 'infoshare 1\n\nuse "|"\n', file="more")
    assert {"words.policy", "local.policy", "infoshare:vocabulary"} <= set(found)


@pytest.mark.parametrize("text", ['rule a "A.|', "# what is so|"])
def test_in_a_text_and_in_a_comment_nothing_is_offered(text, tmp_path):
    assert offered(tmp_path, with_clause(text)) == []


# --- hover -------------------------------------------------------------------------------------------


def test_of_a_fact_its_question_its_values_and_what_it_is_assumed_to_be_are_told(tmp_path, folder):
    workspace = desk(tmp_path)
    said = hover.hover(
        workspace, *place(workspace, f"{folder}/local.policy", "when consent.sta|tus is given")
    ).markdown
    assert "What does the family say?" in said
    assert "`refused`: refused" in said
    assert "Nothing is assumed" in said
    said = hover.hover(
        workspace, *place(workspace, f"{folder}/local.policy", "concern.ha|rm is possible")
    ).markdown
    assert "Unanswered means `none`" in said


def test_of_a_clause_its_english_its_source_and_what_prevails_over_it_are_told(tmp_path, folder):
    workspace = desk(tmp_path)
    said = hover.hover(workspace, *place(workspace, f"{folder}/local.policy", "consent refu|sed")).markdown
    assert "It is not shared when" in said
    assert "[The handbook](https://example.org/handbook), 2" in said
    assert "Is prevailed over by `in_danger`" in said


def test_while_a_policy_has_an_error_its_clauses_are_told_of_as_they_last_had_none(tmp_path, folder):
    workspace = desk(tmp_path)
    path = f"{folder}/local.policy"
    assert workspace.errors() == ()
    broken = workspace.edited(path, POLICY + "\nrule half ")
    assert "It is not shared when" in hover.hover(broken, *place(broken, path, "consent refu|sed")).markdown


def test_of_a_word_of_the_language_its_section_of_the_reference_is_told(tmp_path, folder):
    workspace = desk(tmp_path)
    said = hover.hover(workspace, *place(workspace, f"{folder}/local.policy", "over|ride in_danger")).markdown
    assert said == catalogue.keyword("override")
    reference = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
    assert said in reference


@pytest.mark.parametrize("word", sorted(set(DECLARATIONS)))
def test_every_word_that_begins_a_declaration_has_a_section(word):
    assert catalogue.keyword(word).startswith("#")


def test_in_a_text_in_quotation_marks_no_word_is_one_of_the_language(tmp_path, folder):
    workspace = desk(tmp_path)
    assert hover.hover(workspace, *place(workspace, f"{folder}/local.policy", "may be sha|red.")) is None


# --- definition, references, renaming ----------------------------------------------------------------


def where(spans):
    return sorted((span.source.path.rpartition("/")[2], span.line) for span in spans)


def test_a_name_leads_to_where_it_is_declared_in_whatever_file(tmp_path, folder):
    workspace = desk(tmp_path)
    local = f"{folder}/local.policy"
    for words, found in [
        ("consent.sta|tus is given", [("words.policy", 4)]),
        ("cons|ent.status is given", [("words.policy", 3)]),
        ("is giv|en", [("words.policy", 5)]),
        ("when dang|er", [("local.policy", 10)]),
        ("sets aside te|ll", [("local.policy", 28)]),
        ('cites handb|ook "1"', [("local.policy", 7)]),
        ('use "words|.policy"', [("words.policy", 1)]),
    ]:
        assert where(navigation.definition(workspace, *place(workspace, local, words))) == found, words


def test_every_place_of_a_name_is_found_also_in_files_that_are_not_open(tmp_path, folder):
    workspace = desk(tmp_path)
    found = navigation.references(
        workspace, *place(workspace, f"{folder}/local.policy", "consent.sta|tus is given")
    )
    assert where(found) == [
        ("cases.policy", 7),
        ("cases.policy", 16),
        ("local.policy", 14),
        ("local.policy", 19),
        ("words.policy", 4),
    ]
    assert all(span.text == "status" for span in found)


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("consent.sta|tus is given", "state"),
        ("cons|ent.status is given", "agreement"),
        ("is giv|en", "granted"),
        ("when dang|er", "peril"),
        ("consent agr|eed", "said_yes"),
        ("cites hand|book", "manual"),
        ("duty te|ll", "inform"),
    ],
)
def test_a_name_given_another_is_changed_everywhere_and_what_loads_still_does(words, new, tmp_path, folder):
    workspace = desk(tmp_path)
    at = place(workspace, f"{folder}/local.policy", words)
    old = navigation.references(workspace, *at)
    changes = navigation.rename(workspace, *at, new)
    assert {(c.span.source.path, c.span.start) for c in changes} == {(s.source.path, s.start) for s in old}
    after = navigation.changed(workspace, changes)
    assert after.errors() == ()
    assert len(navigation.references(after, at[0], at[1])) == len(old)


def test_a_place_in_a_phrase_is_renamed_too(tmp_path, folder):
    words = WORDS + '\nfacts about telling "telling"\n  safe "{consent.status} is safe" : yes or no\n'
    workspace = desk(tmp_path, words=words)
    changes = navigation.rename(
        workspace, *place(workspace, f"{folder}/local.policy", "consent.sta|tus is given"), "state"
    )
    assert "{consent.state}" in navigation.changed(workspace, changes).document(f"{folder}/words.policy").text


@pytest.mark.parametrize(
    ("words", "new", "why"),
    [
        ("consent agr|eed", "refused", "declared already"),
        ("consent agr|eed", "when", "word of the language"),
        ("consent agr|eed", "Said Yes", "is no name"),
        ("consent agr|eed", "x" * 101, "at most"),
        ("consent agr|eed", "agreed", "called so already"),
        ("is giv|en", "unsure", "means something"),
        ("May not| be", "x", "no name"),
    ],
)
def test_a_name_that_could_not_be_one_is_refused(words, new, why, tmp_path, folder):
    workspace = desk(tmp_path, local=POLICY.replace("may be shared", "May not be shared"))
    found = navigation.rename(workspace, *place(workspace, f"{folder}/local.policy", words), new)
    assert isinstance(found, Refusal)
    assert why in found.why


def test_a_name_that_belongs_to_what_comes_with_infoshare_is_refused(tmp_path, folder):
    text = (
        'infoshare 1\n\nuse "infoshare:vocabulary"\n\nrule a "A."\n  share\n  when consent.status is given\n'
    )
    workspace = desk(tmp_path, mine=text)
    at = place(workspace, f"{folder}/mine.policy", "consent.sta|tus")
    assert navigation.definition(workspace, *at)[0].source.path == "infoshare:vocabulary"
    for found in (navigation.renameable(workspace, *at), navigation.rename(workspace, *at, "state")):
        assert isinstance(found, Refusal)
        assert "comes with infoshare" in found.why


def test_a_name_of_a_file_outside_the_workspace_is_refused(tmp_path):
    for inner in ("ours", "theirs"):
        (tmp_path / inner).mkdir()
    workspace = desk(tmp_path / "theirs").within([f"{tmp_path.as_posix()}/ours"])
    found = navigation.renameable(
        workspace, *place(workspace, f"{tmp_path.as_posix()}/theirs/local.policy", "consent agr|eed")
    )
    assert "not in this workspace" in found.why


# --- at a glance -------------------------------------------------------------------------------------


def test_the_outline_holds_every_declaration_and_groups_hold_their_facts(tmp_path, folder):
    workspace = desk(tmp_path)
    labels = [entry.label for entry in outline.outline(workspace.document(f"{folder}/local.policy"))]
    assert labels == [
        "local",
        "words.policy",
        "handbook",
        "danger",
        "agreed",
        "refused",
        "in_danger",
        "tell",
        "no_time",
    ]
    groups = outline.outline(workspace.document(f"{folder}/words.policy"))
    assert [each.label for each in groups[1].inside] == ["harm", "urgent"]


def test_what_stands_under_the_heading_of_a_part_is_in_it(tmp_path, folder):
    text = POLICY.replace("duty tell", 'part after_all "What follows"\n\nduty tell')
    workspace = desk(tmp_path, local=text)
    last = outline.outline(workspace.document(f"{folder}/local.policy"))[-1]
    assert (last.label, [each.label for each in last.inside]) == ("after_all", ["tell", "no_time"])


def test_names_are_searched_in_every_file(tmp_path):
    found = {(e.label, e.name.source.path.rpartition("/")[2]) for e in outline.search(desk(tmp_path), "harm")}
    assert ("harm", "words.policy") in found


def test_declarations_and_comments_of_several_lines_fold(tmp_path, folder):
    workspace = desk(tmp_path, local=POLICY.replace("# What is", "# One.\n# What is"))
    folds = outline.folds(workspace.document(f"{folder}/local.policy"))
    assert outline.Fold(9, 10, comment=True) in folds
    assert outline.Fold(13, 16) in folds


def test_used_files_and_addresses_are_links(tmp_path, folder):
    workspace = desk(tmp_path)
    found = list(outline.links(workspace, workspace.document(f"{folder}/local.policy")))
    assert [(each.path, each.address) for each in found] == [
        (f"{folder}/words.policy", None),
        (None, "https://example.org/handbook"),
    ]


def test_every_word_has_its_colour_by_what_it_stands_for(tmp_path, folder):
    workspace = desk(tmp_path)
    document = workspace.document(f"{folder}/local.policy")
    found = list(outline.colours(document, workspace.scope(document.path)))
    by_text = {(each.span.text, each.role) for each in found}
    assert {
        ("consent", "keyword"),
        ("agreed", "clause"),
        ("status", "fact"),
        ("given", "value"),
        ("danger", "define"),
        ("handbook", "source"),
        ("when", "keyword"),
        ("# What is meant by danger. 🚨", "comment"),
        ('"Our own"', "string"),
    } <= by_text
    starts = [each.span.start for each in found]
    assert starts == sorted(set(starts))


def test_a_file_is_laid_out_as_fmt_does_it_and_what_is_laid_out_stays(tmp_path, folder):
    workspace = desk(tmp_path, local=POLICY.replace("  share\n  when consent", "  share when consent"))
    path = f"{folder}/local.policy"
    changes = outline.laid_out(workspace.document(path))
    assert changes
    assert all(isinstance(each, Change) for each in changes)
    after = navigation.changed(workspace, changes)
    assert outline.laid_out(after.document(path)) == ()


# --- what acts on what, and what was tried -------------------------------------------------------------


def test_what_prevails_and_what_is_set_aside_is_a_hierarchy(tmp_path, folder):
    workspace = desk(tmp_path)
    path = f"{folder}/local.policy"
    over = hierarchy.clause_at(workspace, *place(workspace, path, "override in_dan|ger"))
    assert [(a.clause.symbol[1], a.how) for a in hierarchy.acts_on(workspace, over)] == [
        ("agreed", "prevails over"),
        ("refused", "prevails over"),
    ]
    told = hierarchy.clause_at(workspace, *place(workspace, path, "duty te|ll"))
    assert [(a.clause.symbol[1], a.how) for a in hierarchy.acted_on_by(workspace, told)] == [
        ("no_time", "sets aside")
    ]


def test_what_a_blanket_target_covers_stands_beside_it(tmp_path, folder):
    workspace = desk(tmp_path)
    document = workspace.document(f"{folder}/local.policy")
    found = list(hierarchy.hints(workspace, document, Span(document.source, 0, len(document.text))))
    assert [each.text for each in found] == [" = agreed, refused"]
    assert document.text[: found[0].offset].endswith("every consent clause")


def test_a_lens_says_which_scenarios_a_clause_decides_and_what_they_never_tried(tmp_path, folder):
    workspace = desk(tmp_path)
    lenses = {
        lens.span.text.split()[1]: lens
        for lens in trying.lenses(workspace, workspace.document(f"{folder}/local.policy"))
    }
    assert (
        lenses["agreed"].said
        == "decides 1 scenario, never tried with consent.status not_sought, consent.status unknown"
    )
    assert [span.source.path.rpartition("/")[2] for span in lenses["agreed"].shows] == ["cases.policy"]
    assert lenses["tell"].said.startswith("decides 1 scenario")
    assert lenses["no_time"].said.startswith("no scenario, never tried with concern.urgent yes")


def test_a_scenario_is_run_with_its_result_and_the_difference_beside_it(tmp_path, folder):
    workspace = desk(tmp_path)
    path = f"{folder}/cases.policy"
    passed, failed = trying.tried(workspace, path)
    assert (passed.passed, passed.said) == (True, "share")
    assert (failed.passed, failed.said.startswith("expected withhold, decided share (`in_danger`)")) == (
        False,
        True,
    )
    assert "in_danger" in failed.difference
    assert [lens.scenario for lens in trying.lenses(workspace, workspace.document(path))] == [
        passed.title,
        failed.title,
    ]


# --- what can be done ----------------------------------------------------------------------------------


def acted(workspace, path, code):
    """What can be done about the first finding of a code in a file."""
    found = workspace.check_up()
    one = next(d for d in found.diagnostics if d.code == code and d.span.source.path == path)
    return [a for a in actions.actions(workspace, found, one.span) if a.of is one]


def test_the_nearest_name_is_written_instead_wherever_it_was_misspelt(tmp_path, folder):
    path = f"{folder}/local.policy"
    workspace = desk(tmp_path, local=POLICY.replace("consent.status", "consent.statos"))
    (near, *_) = acted(workspace, path, "IS201")
    assert near.title == "Write `consent.status`"
    assert navigation.changed(workspace, near.changes).errors() == ()


def test_a_fact_that_is_not_declared_is_declared_in_its_group_with_a_type_that_fits(tmp_path, folder):
    path = f"{folder}/local.policy"
    text = POLICY + '\nrule a "A."\n  share\n  when consent.reason is one of money, time\n'
    workspace = desk(tmp_path, local=text)
    action = next(a for a in acted(workspace, path, "IS201") if a.title.startswith("Declare"))
    after = navigation.changed(workspace, action.changes)
    assert after.errors() == ()
    assert 'reason "the reason" : one of money, time' in after.document(f"{folder}/words.policy").text


def test_a_fact_of_a_new_group_gets_the_group_too(tmp_path, folder):
    path = f"{folder}/local.policy"
    workspace = desk(tmp_path, local=POLICY + '\nrule a "A."\n  share\n  when weather.fine\n')
    action = next(a for a in acted(workspace, path, "IS201") if a.title.startswith("Declare"))
    assert navigation.changed(workspace, action.changes).errors() == ()


def test_a_source_that_is_not_declared_is_declared(tmp_path, folder):
    path = f"{folder}/local.policy"
    workspace = desk(tmp_path, local=POLICY + '\nrule a "A."\n  share\n  cites statute "1"\n')
    action = next(a for a in acted(workspace, path, "IS204") if a.title.startswith("Declare"))
    assert navigation.changed(workspace, action.changes).errors() == ()


def test_every_fix_of_check_is_an_action_and_all_can_be_made_at_once(tmp_path, folder):
    path = f"{folder}/local.policy"
    text = POLICY.replace("# What is meant", "# allow IS502: it is meant\n# What is meant")
    workspace = desk(tmp_path, local=text)
    (action,) = [a for a in acted(workspace, path, "IS515") if a.is_fix]
    assert navigation.changed(workspace, action.changes).document(path).text == POLICY
    found = workspace.check_up()
    assert actions.all_fixes(found, workspace.document(path).source) == action.changes


def test_the_missing_scenario_is_written_where_the_others_are_and_reaches_the_clause(tmp_path, folder):
    path = f"{folder}/local.policy"
    workspace = desk(tmp_path, cases=CASES.partition('scenario "The family refuses')[0])
    found = workspace.check_up()
    missing = [d for d in found.diagnostics if d.code == "IS610" and "`refused`" in d.message]
    (action,) = [a for a in actions.actions(workspace, found, missing[0].span) if "missing" in a.title]
    assert action.changes[0].span.source.path == f"{folder}/cases.policy"
    after = navigation.changed(workspace, action.changes)
    assert after.errors() == ()
    assert all(each.passed for each in trying.tried(after, f"{folder}/cases.policy"))
    assert not [d for d in after.check_up().diagnostics if d.code == "IS610" and "`refused`" in d.message]
    assert path in workspace.paths


def test_the_missing_scenario_of_an_exception_is_one_in_which_it_holds(tmp_path, folder):
    workspace = desk(tmp_path)
    found = workspace.check_up()
    missing = [d for d in found.diagnostics if d.code == "IS610" and "`no_time`" in d.message]
    (action,) = [a for a in actions.actions(workspace, found, missing[0].span) if "missing" in a.title]
    after = navigation.changed(workspace, action.changes)
    assert after.errors() == ()
    written = after.document(f"{folder}/cases.policy").text[len(CASES) :]
    assert "lifting tell" in written
    assert [*trying.tried(after, f"{folder}/cases.policy")][-1].passed
    assert not [d for d in after.check_up().diagnostics if d.code == "IS610" and "`no_time`" in d.message]


def test_while_the_scenarios_cannot_be_read_nothing_is_said_of_what_none_of_them_tries(tmp_path, folder):
    codes = {d.code for d in desk(tmp_path).check_up().diagnostics}
    assert "IS610" in codes
    for cases in (CASES + "\nscenario", CASES.replace("given", "giv")):
        codes = {d.code for d in desk(tmp_path, cases=cases).check_up().diagnostics}
        assert "IS610" not in codes


def test_a_clause_is_not_made_to_prevail_where_it_would_lose_what_acts_on_every_consent_clause(
    tmp_path, folder
):
    text = POLICY + '\nrule busy "B."\n  seek advice\n  when concern.urgent\n  cites handbook "6"\n'
    text = text.replace("  when danger\n", "  when concern.harm is possible\n")
    workspace = desk(tmp_path, local=text)
    path = f"{folder}/local.policy"
    titles = [a.title for a in acted(workspace, path, "IS601") if a.title.startswith("Say that")]
    assert "Say that `busy` prevails over `refused`" in titles
    assert not [title for title in titles if title.startswith(("Say that `refused`", "Say that `agreed`"))]


def test_of_two_clauses_that_clash_it_is_said_which_prevails(tmp_path, folder):
    path = f"{folder}/local.policy"
    text = POLICY.replace("  prevails over every consent clause\n", "").replace("override", "rule")
    workspace = desk(tmp_path, local=text)
    found = [a for a in acted(workspace, path, "IS601") if a.title.startswith("Say that")]
    assert [a.title for a in found] == [
        "Say that `in_danger` prevails over `refused`",
        "Say that `refused` prevails over `in_danger`",
    ]
    for action in found:
        after = navigation.changed(workspace, action.changes)
        assert after.errors() == ()
        assert "IS601" not in {d.code for d in after.check_up().diagnostics}


def test_a_fact_of_many_values_is_told_of_with_all_of_them_and_no_dots(tmp_path, folder):
    many = " , ".join(f"v{n}" for n in range(9))
    text = WORDS + f'\nfacts about a "a"\n  b "b" : one of {many} in order\n'
    workspace = desk(tmp_path, words=text)
    found = hover.hover(workspace, *place(workspace, f"{folder}/words.policy", '  b| "b" : one of'))
    assert "`a.b` : one of these, in order" in found.markdown
    assert [f"- `v{n}`" in found.markdown for n in range(9)] == [True] * 9
    assert "…" not in found.markdown


def test_a_fact_whose_values_say_all_is_told_of_by_its_question(tmp_path, folder):
    words = WORDS.replace("the family's answer", "…")
    workspace = desk(tmp_path, words=words)
    path = f"{folder}/words.policy"
    for at in ("  sta|tus", "facts about con|sent"):
        found = hover.hover(workspace, *place(workspace, path, at))
        assert "What does the family say?" in found.markdown
        assert "…" not in found.markdown


def test_after_a_fact_what_can_be_said_of_it_comes_first(tmp_path):
    text = with_clause('rule a "A."\n  share\n  when consent.status ')
    workspace = desk(tmp_path, local=text)
    found = completion.completions(workspace, f"{tmp_path.as_posix()}/local.policy", len(text))
    assert min(found, key=lambda each: each.order).text == "is"


def test_a_scenario_that_shows_a_finding_is_added_once(tmp_path, folder):
    path = f"{folder}/local.policy"
    workspace = desk(tmp_path)
    action = next(a for a in acted(workspace, path, "IS602") if a.title.startswith("Add the scenario"))
    after = navigation.changed(workspace, action.changes)
    assert [a for a in acted(after, path, "IS602") if a.title.startswith("Add the scenario")] == []

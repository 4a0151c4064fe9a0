"""The forms that speak of rows, of people and of what regimes ask for, as they are read and as they are laid out."""

import pytest

from infoshare.outcome import Act, Outcome
from infoshare.syntax import tree
from infoshare.syntax.parser import parse
from infoshare.syntax.printer import print_condition, print_file, print_node
from infoshare.syntax.words import BY_PLACE
from infoshare.text import Source


def read(text: str) -> tree.Declaration:
    result = parse(Source("p.policy", f"infoshare 1\n{text}\n"))
    assert result.diagnostics == (), [fault.message for fault in result.diagnostics]
    (declaration,) = result.file.declarations
    return declaration


def told(text: str) -> str:
    (fault,) = parse(Source("p.policy", f"infoshare 1\n{text}\n")).diagnostics
    return f"{fault.message}: {' '.join(fault.help)}"


def condition(text: str) -> tree.Condition:
    found = read(f'impossible x "why" when {text}').condition
    assert print_condition(found) == text
    return found


def name(text: str) -> tree.Name:
    return tree.Name(text)


def path(text: str) -> tree.Path:
    return tree.Path(*text.split("."))


A = tree.Holds(path("a.b"))

CONDITIONS = [
    ("recipient.who.suspected", tree.Holds(path("recipient.who.suspected"))),
    ("recipient.who is item.told_by", tree.Is(path("recipient.who"), (path("item.told_by"),))),
    ("recipient.who is person", tree.Is(path("recipient.who"), (tree.Word("person"),))),
    ("recipient.who is none of them", tree.Is(path("recipient.who"), (tree.NoneOfThem(),))),
    ("recipient.who is not none of them", tree.Is(path("recipient.who"), (tree.NoneOfThem(),), negated=True)),
    ("item.about is empty", tree.Is(path("item.about"), (tree.Word("empty"),))),
    ("item.about is not empty", tree.Is(path("item.about"), (tree.Word("empty"),), negated=True)),
    ("item.about includes recipient.who", tree.Includes(path("item.about"), (path("recipient.who"),))),
    ("item.kind includes any of x, y", tree.Includes(path("item.kind"), (tree.Word("x"), tree.Word("y")), "any")),
    ("item.kind includes all of x", tree.Includes(path("item.kind"), (tree.Word("x"),), "all")),
    ("item.about includes none of a.b, person", tree.Includes(path("item.about"), (path("a.b"), tree.Word("person")), "none")),
    ("item.kind is exactly x, y", tree.Includes(path("item.kind"), (tree.Word("x"), tree.Word("y")), "exactly")),
    ("item.kind is exactly (when, y)", tree.Includes(path("item.kind"), (tree.Word("when"), tree.Word("y")), "exactly")),
    ("a.b is at least possible", tree.Compare(path("a.b"), ">=", name("possible"), in_words=True)),
    ("a.b is at most none", tree.Compare(path("a.b"), "<=", name("none"), in_words=True)),
    ("a.b is more than 3", tree.Compare(path("a.b"), ">", tree.Number(3), in_words=True)),
    ("a.b is less than today", tree.Compare(path("a.b"), "<", tree.Today(), in_words=True)),
    (
        "a.b plus 2 minus c.d >= limit",
        tree.Compare(tree.Sum(tree.Sum(path("a.b"), "plus", tree.Number(2)), "minus", path("c.d")), ">=", name("limit")),
    ),
    (
        "years between a.b and today is at least 15",
        tree.Compare(tree.YearsBetween(path("a.b"), tree.Today()), ">=", tree.Number(15), in_words=True),
    ),
    ("any person in item.about (a.b)", tree.Quantified("any", name("person"), A, path("item.about"))),
    ("no person in item.about (a.b)", tree.Quantified("no", name("person"), A, path("item.about"))),
    ("at least 3 incidents (a.b)", tree.Counted("at least", 3, name("incidents"), A)),
    ("at most 1 incident in a.c (a.b)", tree.Counted("at most", 1, name("incident"), A, path("a.c"))),
    ("exactly 0 incidents (a.b)", tree.Counted("exactly", 0, name("incidents"), A)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), CONDITIONS)
def test_a_condition_is_read_as_it_is_meant_and_written_as_it_was_read(text, meant):
    assert condition(text) == meant


def test_the_value_exactly_is_still_a_value_where_the_clause_goes_on():
    text = 'rule r "R."\n  share\n  when a.b is exactly\n  cites act\n'
    clause = read(text)
    assert clause.provisions.when == tree.Is(path("a.b"), (tree.Word("exactly"),))
    ended = parse(Source("p.policy", 'infoshare 1\nimpossible x "x" when a.b is exactly\npart y "Y"\n'))
    assert [type(d) for d in ended.file.declarations] == [tree.ImpossibleDecl, tree.Part]


# --- clauses --------------------------------------------------------------------------------------

CLAUSES = [
    ('rule r "R."\n  must share\n  for each recipient\n  when a.b', {"scope": ("recipient",)}),
    ('rule r "R."\n  should withhold\n  for each item and recipient', {"scope": ("item", "recipient"), "effect": tree.Effect(Outcome.WITHHOLD, should=True)}),
    ('override r "R." instead of old\n  share\n  prevails over all other clauses, every clause of treatment, x\n  for each person', {"instead_of": name("old"), "targets": (tree.AllOtherClauses(), tree.EveryClauseOf(name("treatment")), name("x")), "scope": ("person",)}),
    ('exception e "E."\n  relaxes a, b\n  for each recipient', {"relaxes": True, "targets": (name("a"), name("b")), "scope": ("recipient",)}),
    ('exception e "E." instead of old\n  sets aside every consent clause', {"relaxes": False, "instead_of": name("old")}),
    ('consent c "C."\n  seek consent from "the student"', {"effect": tree.Effect(Outcome.SEEK_CONSENT, whom=tree.Text("the student"))}),
    ('consent c "C."\n  must seek consent from item.told_by', {"effect": tree.Effect(Outcome.SEEK_CONSENT, must=True, whom=path("item.told_by"))}),
    ('consent c "C."\n  seek consent from person\n  for each person\n  from 2026-01-01', {"effect": tree.Effect(Outcome.SEEK_CONSENT, whom=name("person")), "scope": ("person",)}),
    ('consent c "C."\n  seek consent from each person in item.about (a.b)\n  for each item', {"effect": tree.Effect(Outcome.SEEK_CONSENT, whom=tree.EachOf(name("person"), A, path("item.about")))}),
    ('rule r "R."\n  must withhold where no other clause stands\n  when a.b', {"effect": tree.Effect(Outcome.WITHHOLD, must=True, closing=True)}),
    ('duty d "D."\n  after holding back\n  for each person\n  within 1 working day of request.received_on', {"timings": (tree.Timing("after", Act.HOLDING_BACK),), "scope": ("person",), "deadline": tree.Deadline(1, "working days", path("request.received_on"))}),
    ('duty d "D."\n  before sharing\n  within 36 hours\n  when a.b', {"deadline": tree.Deadline(36, "hours")}),
    ('safeguard s "S." instead of old\n  for each item\n  require a.b\n  otherwise "x"', {"scope": ("item",), "instead_of": name("old")}),
    ('advice a from "them" instead of old\n  for each recipient\n  when a.b', {"scope": ("recipient",), "instead_of": name("old")}),
    ('guarantee g "G."\n  never share\n  for each item and recipient\n  when a.b', {"scope": ("item", "recipient"), "outcome": Outcome.SHARE}),
    ('guarantee g "G."\n  always requires d\n  for each person', {"scope": ("person",), "duty": name("d")}),
    ('part treatment "Treatment"\n  when a.b\n  from 2026-01-01\n  until 2026-12-31\n  cites act', {"title": "Treatment"}),
    ('part treatment "Treatment"', {"provisions": tree.Provisions()}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), CLAUSES)
def test_a_clause_is_read_as_it_is_meant_and_laid_out_as_it_stands_here(text, meant):
    declaration = read(text)
    assert {field: getattr(declaration, field) for field in meant} == meant
    assert print_node(declaration) == text


# --- vocabulary -----------------------------------------------------------------------------------

VOCABULARY = [
    'facts about each person "somebody" unanswered means none\n  age "their age" : number',
    'facts about each item "an item"\n  about "whom it is about" : some person\n    unanswered means every person (person.role is child)\n  told_by "who said so" : one person\n    unanswered means none',
    'facts about concern "the concern"\n  harm "the harm" : one of none, possible, significant in order\n    ask first "How serious is it?"\n    fixed',
    'facts about concern "the concern"\n  kind also one of other "another kind", x\n  signs also some of y',
    'define young "they are young" for each person as\n  person.age < 18',
    "value online_age by place.state: ireland 16, france 15, others 13 from 2026-01-01",
    "holidays bank 2026-01-01, 2026-12-25",
]  # fmt: skip


@pytest.mark.parametrize("text", VOCABULARY)
def test_vocabulary_is_laid_out_as_it_stands_here(text):
    assert print_node(read(text)) == text


def test_what_a_fact_says_of_itself_is_kept():
    person, about, told_by = tree.Reference(name("person")), *read(VOCABULARY[1]).facts
    assert told_by.type == person
    assert about.type == tree.Reference(name("person"), many=True)
    assert about.assumed == tree.EveryElement(
        name("person"), tree.Is(path("person.role"), (tree.Word("child"),))
    )
    (harm,) = read(VOCABULARY[2]).facts
    assert (harm.type.in_order, harm.ask, harm.ask_first, harm.fixed) == (
        True,
        "How serious is it?",
        True,
        True,
    )
    assert read(VOCABULARY[0]).none_listed
    assert [type(each) for each in read(VOCABULARY[3]).facts] == [tree.MoreOptions, tree.MoreOptions]


def test_a_date_stands_at_the_entry_after_which_it_is_written():
    value = read(VOCABULARY[5])
    assert [(e.option.text, e.literal.value, e.start is not None) for e in value.entries] == [
        ("ireland", 16, False),
        ("france", 15, False),
        ("others", 13, True),
    ]


def test_one_of_and_a_name_is_still_a_list_of_one_value():
    (fact,) = read('facts about x "x"\n  a "a" : one of person').facts
    assert fact.type == tree.OneOf((tree.Option(name("person")),))


@pytest.mark.parametrize("word", sorted(BY_PLACE))
def test_a_word_by_place_names_what_it_likes_elsewhere(word):
    text = f"""infoshare 1

facts about {word} "x"
  a "a" : one of {word}, {word}_too
  {word} "x" : date
  {word} also one of {word}

define {word} "x" as
  {word}.{word} is {word} or {word} or any {word} ({word}.{word} includes {word})

rule {word} "x"
  share
  when {word} and not {word}
  cites {word}

override {word} "x" instead of {word}
  share
  prevails over {word}, {word}
  when {word} before 2026-01-01 < {word}

scenario "x"
  given
    {word} "{word}" ({word} is {word}, not {word})
    {word}.{word} is {word}
  then share
    because of {word}
    with {word}, {word} for "{word}"
    asking {word}
"""
    result = parse(Source("p.policy", text))
    assert result.diagnostics == (), [fault.message for fault in result.diagnostics]
    assert print_file(result.file) == text


# --- scenarios ------------------------------------------------------------------------------------

SCENARIO = """scenario "They differ"
  given
    recipient.who is none of them
    person "Ann" (role is child)
    item "note" (about is exactly ("Ann", "Bob"), told_by is none of them)
    item "other" (about is empty, told_by is "Ann")
  then differs
    must share for "note" to "school"
    should seek consent to "the press"
    withhold for "other"
    asking consent of "Ann", "Bob"
    with tell for "Ann", record
    without tell for "note" to "school"
    lifting tell for "Bob"
    leaving open "other" from "school", tell for "Cid\""""


def test_a_scenario_speaks_of_rows_and_of_people():
    scenario = read(SCENARIO)
    assert print_node(scenario) == SCENARIO
    then = scenario.then
    assert then.outcome is Outcome.DIFFERS
    assert then.rows == (
        tree.OutcomeFor(Outcome.SHARE, must=True, item="note", recipient="school"),
        tree.OutcomeFor(Outcome.SEEK_CONSENT, should=True, recipient="the press"),
        tree.OutcomeFor(Outcome.WITHHOLD, item="other"),
    )
    assert then.asking_consent == ("Ann", "Bob")
    assert then.with_ == (tree.DutyFor("tell", "Ann"), name("record"))
    assert then.without == (tree.DutyFor("tell", "note", "school"),)
    assert then.leaving_open == (tree.Row("other", "school"), tree.DutyFor("tell", "Cid"))
    assert scenario.given[0] == tree.GivenIs(path("recipient.who"), (tree.NoneOfThem(),))


def test_a_list_called_consent_is_still_asked_for():
    scenario = read('scenario "s"\n  given\n  then seek advice\n    asking consent')
    assert scenario.then.asking == (name("consent"),)


# --- what is told -----------------------------------------------------------------------------------

MISTAKES = [
    ('rule r "R." share when recipient.who.mother.suspected', "more than two dots"),
    ('scenario "s" given recipient.who.suspected then share', '`person "Ann" (suspected)`'),
    ('rule r "R." share when no person in item.about', "write `item.about is empty`"),
    ('rule r "R." share when a.b + 2 > 3', "`a.b plus 2`"),
    ('rule r "R." share when a.b - 2 > 3', "`a.b minus 2`"),
    ('rule r "R." share when years between years between a.b and c.d and e.f > 3', "a number, a date"),
    ('duty d "D." after sharing within 2 years', "within 24 months"),
    ('duty d "D." after sharing when a.b within 3 days', "before `when …`"),
    ('rule r "R." for each item share', "effect comes first"),
    ('define young "y" as for each person person.age < 18', "before `as`"),
    ('facts about each person "p" unanswered means no', "`unanswered means none`"),
    ('facts about x "x" a "a" : one of a in order fixed fixed', "is said twice"),
    ("value v by place.state ireland 16 from 2026-01-01", "a colon after the fact"),
    ('consent c "C." seek consent from each person', "in brackets who of them"),
    ('rule r "R." share when for each item a.b', "comes before `when`"),
    ('rule r "R." share when a.b for each item', "`for each item` before `when …`"),
    ('override o "O." share for each item prevails over x', "comes right after the effect"),
    ('rule r "R." share when person in item.about (a.b)', "`any person in item.about (…)`"),
    ('rule r "R." share when recipient.who is in item.about', "`item.about includes recipient.who`"),
    ('rule r "R." share when (a.b plus 2) > 3', "sums have no brackets"),
    ('rule r "R." share when years since a.b > 3', "`years between a.b and today`"),
    ('rule r "R." withhold where nothing else applies', "`where no other clause stands`"),
    ('duty d "D." after sharing within 3 days for each person', "before `within …`"),
    ('duty d "D." for each person after sharing', "timed by comes first"),
    ('facts about x "x" a "a" also one of c', "`a also one of …`"),
    ('define young for each person "y" as a.b', "first, in quotes"),
    ("value v by place.state: ireland 16 france 15 from 2026-01-01", "`ireland 16, france 15`"),
    ("part treatment when a.b", "give it a title first"),
    ('rule r instead of x "R." share', '`"R." instead of x`'),
    ('scenario "s" given then share with tell to "Ann"', '`with tell for "Ann"`'),
    ('scenario "s" given person "Ann" (about is exactly "A", "B") then share', '`about is exactly ("A", "B")`'),
    ('guarantee g "G." for each item never share', "such as `never share`"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_likely_mistake_is_told_with_what_to_write(text, said):
    assert said in told(text)


def test_a_sum_of_more_terms_than_may_be_nested_is_told():
    assert "nested deeper than 64 levels" in told(f'rule r "R." share when a.b{" plus 1" * 65} > 3')
    read(f'rule r "R." share when a.b{" plus 1" * 64} > 3')
    many = " and ".join(["a.b plus 1 > 3"] * 200)
    read(f'rule r "R." share when {many}')

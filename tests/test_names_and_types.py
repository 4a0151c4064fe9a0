"""Names and types of a policy: each fault gets its own code, at the exact place, with the nearest name offered."""

import pytest

from infoshare import PolicyError, load_sources
from infoshare.codes import CODES
from small import FACTS, HEAD, faults, load, places

CLAUSES = (
    FACTS
    + """
source act "The Act"
define grave "it is grave" as a.yes_1
value majority 18 from 2000-01-01
rule bar "B" withhold when a.yes_1
consent agreed "A" share when a.yes_2
duty record "R" after deciding
"""
)


def told(fault):
    """Everything that a fault says."""
    return " ".join([fault.message, *(label.text for label in fault.labels), *fault.help])


PEOPLE = """
facts about each person "somebody"
  hurt "they are hurt" : yes or no
"""

CASES = {
    # code: list of (what is written after the declarations above, text pointed at, what is offered)
    "IS201": [
        ('rule r "R" share when a.yes_9', "a.yes_9", "`a.yes_"),
        ('rule r "R" share when a.levle is high', "a.levle", "`a.level`"),
        ('rule r "R" share when a.lvel is not one of high', "a.lvel", "`a.level`"),
        ('rule r "R" share unless a.ages < 3', "a.ages", "`a.age`"),
        ('rule r "R" share when a.signz includes fear', "a.signz", "`a.signs`"),
        ('rule r "R" share when any item (item.necesary)', "item.necesary", "`item.necessary`"),
        ('define d "D" as not a.yes_4', "a.yes_4", "`a.yes_"),
        ('impossible i "I" when a.yes_1 and a.noet is "x"', "a.noet", "`a.note`"),
        ('safeguard s "S" for each item require item.odl otherwise "O"', "item.odl", "`item.old`"),
        ('guarantee g "G" never share when a.levels is high', "a.levels", "`a.level`"),
        ('rule r "R" share when b.yes_1', "b.yes_1", "`a.yes_1`"),
    ],
    "IS202": [
        ('rule r "R" share when gravee', "gravee", "`grave`"),
        ('rule r "R" share when a.age < majorty', "majorty", "`majority`"),
        ('rule r "R" share when yes_1', "yes_1", "`a.yes_1`"),
        ('rule r "R" share when a.day < retention before today', "retention", ""),
        ('scenario "s" given a.yes_1 then share releasing "letter"', '"letter"', ""),
    ],
    "IS203": [
        ('override o "O" share prevails over barr', "barr", "`bar`"),
        ('exception e "E" sets aside recrod', "recrod", "`record`"),
        ('guarantee g "G" always requires recrod', "recrod", "`record`"),
        ('scenario "s" given a.yes_1 then share with recrod', "recrod", "`record`"),
        ('scenario "s" given a.yes_1 then share because of baar', "baar", "`bar`"),
    ],
    "IS204": [
        ('rule r "R" share cites acts "1"', "acts", "`act`"),
        ('scenario "s" cites acts given a.yes_1 then share', "acts", "`act`"),
    ],
    "IS205": [
        ('rule r "R" share when any items (item.necessary)', "items", "`item`"),
        ('rule r "R" share when every a (a.yes_1)', "a", ""),
        ('scenario "s" given itme "letter" then share', "itme", "`item`"),
        ('scenario "s" given no itme then share', "itme", "`item`"),
    ],
    "IS206": [
        ('rule bar "B" share', "bar", ""),
        ('duty bar "B" after deciding', "bar", ""),
        ('source act "Another"', "act", ""),
        ('define grave "G" as a.yes_2', "grave", ""),
        ("value grave 3 from 2026-01-01", "grave", ""),
    ],
    "IS207": [
        ('facts about a "a" yes_1 "again" : yes or no', "yes_1", ""),
        ('facts about b "b" one_1 "1" : yes or no one_1 "2" : text', "one_1", ""),
    ],
    "IS208": [
        ('override o "O" share prevails over record', "record", "exception"),
        ('exception e "E" sets aside g guarantee g "G" never share', "g", ""),
        ('scenario "s" given a.yes_1 then share with bar', "bar", ""),
        ('scenario "s" given a.yes_1 then share because of record', "record", ""),
    ],
    "IS209": [
        ('define d "D" as d', "d", ""),
        (
            'define d "D" as a.yes_1 or e define e "E" as not (f and a.yes_2) define f "F" as d',
            "d",
            "`d` → `e` → `f` → `d`",
        ),
        ('define d "D" as any item (item.necessary and d)', "d", ""),
    ],
    "IS210": [
        ('exception e "E" sets aside f exception f "F" sets aside e', "e", "`e` → `f` → `e`"),
        (
            'override o "O" share prevails over q override q "Q" withhold prevails over o',
            "o",
            "`o` → `q` → `o`",
        ),
        (
            'override o "O" share prevails over q override q "Q" withhold prevails over z'
            ' override z "Z" share prevails over o',
            "o",
            "`o` → `q` → `z` → `o`",
        ),
        ('override o "O" share prevails over o', "o", ""),
        ('exception e "E" sets aside e', "e", ""),
    ],
    "IS211": [
        ('rule r "R" share when item.necessary', "item.necessary", "any item"),
        (
            'safeguard s "S" for each item require recipient.verified otherwise "O"',
            "recipient.verified",
            "any recipient",
        ),
        ('define d "D" as item.old', "item.old", "any item"),
        ('rule r "R" share when any item (recipient.verified)', "recipient.verified", "any recipient"),
        ('impossible i "I" when item.old', "item.old", "any item"),
    ],
    "IS212": [
        ('facts about case "case" yes_1 "1" : yes or no', "case", ""),
        ('facts about b "b" kind "k" : one of plain, unsure', "unsure", ""),
        ('facts about b "b" kind "k" : some of plain, unsure', "unsure", ""),
        ('facts about each b "b" name "n" : text', "name", ""),
    ],
    "IS213": [('policy q "Q"', "q", "")],
    "IS214": [
        ('facts about each a "a" more "m" : yes or no', "a", ""),
        ('facts about item "i" more "m" : yes or no', "item", ""),
    ],
    "IS217": [
        (
            PEOPLE + 'safeguard s "S" for each person require person.hurt otherwise "O"',
            "s",
            "`require every person (…)`",
        ),
        (
            PEOPLE + 'exception e "E" relaxes bar for each person when person.hurt',
            "e",
            "`when any person (…)`",
        ),
        (
            PEOPLE + 'exception e "E" sets aside bar for each person when person.hurt',
            "bar",
            "leave out `for each person`",
        ),
        (
            'exception e "E" sets aside record for each item when item.old',
            "record",
            "`record` for each item too",
        ),
        (
            'exception e "E" sets aside record exception f "F" sets aside e for each item when item.old',
            "e",
            "`when any item (…)`",
        ),
    ],
    "IS218": [('rule r "R" instead of bar withhold', "bar", "a policy that is used")],
    "IS301": [
        ('rule r "R" share when a.level is hihg', "hihg", "`high`"),
        ('rule r "R" share when a.level is one of low, midle', "midle", "`middle`"),
        ('rule r "R" share when a.signs includes hungre', "hungre", "`hunger`"),
        ('facts about b "b" kind "k" : one of plain, grave unanswered means gravee', "gravee", "`grave`"),
        ('scenario "s" given a.level is lowe then share', "lowe", "`low`"),
        ('scenario "s" given a.signs is exactly fear, hungr then share', "hungr", "`hunger`"),
    ],
    "IS302": [
        ('rule r "R" share when a.level', "a.level", "a.level is low"),
        ('rule r "R" share when not a.age', "a.age", "a.age"),
        ('rule r "R" share when a.age is "7"', '"7"', ""),
        ('rule r "R" share when a.yes_1 is 1', "1", "not a.yes_1"),
        ('rule r "R" share when a.level is 1', "1", ""),
        ('rule r "R" share when a.note is 3', "3", ""),
        ('rule r "R" share when a.day is 7', "7", "2026-"),
        ('rule r "R" share when a.age is 2026-01-01', "2026-01-01", ""),
        ('rule r "R" share when a.signs is fear', "a.signs", "a.signs includes"),
        ('rule r "R" share when a.level includes high', "a.level", "a.level is"),
        ('rule r "R" share when majority', "majority", ""),
        ('rule r "R" share when a.level is unsure', "unsure", ""),
        ('facts about b "b" kind "k" : yes or no unanswered means 3', "3", ""),
        ("value v 3 from 2026-01-01, 2 years from 2027-01-01", "2 years", ""),
        ('scenario "s" given a.age then share', "a.age", ""),
        ('scenario "s" given not a.level then share', "a.level", ""),
        ('scenario "s" given a.level is exactly low, high then share', "a.level is exactly low, high", ""),
    ],
    "IS303": [
        ('facts about b "b" kind "k" : one of plain, grave, plain', "plain", ""),
        ('facts about b "b" kind "k" : some of plain, plain', "plain", ""),
        ('rule r "R" share when a.level is one of low, high, low', "low", ""),
    ],
    "IS304": [('facts about b "b" n "n" : number from 5 to 3', "number from 5 to 3", "")],
    "IS305": [
        ('rule r "R" share when a.age is 131', "131", "0 to 130"),
        ('rule r "R" share when a.age is one of 3, 200', "200", "0 to 130"),
        ('scenario "s" given a.age is 131 then share', "131", "0 to 130"),
        ('facts about b "b" n "n" : number from 0 to 3 unanswered means 4', "4", "0 to 3"),
    ],
    "IS306": [
        ('rule r "R" share from 2026-02-01 until 2026-01-31', "2026-01-31", ""),
        ("value v 1 from 2026-02-01, 2 from 2026-02-01", "2026-02-01", ""),
    ],
    "IS307": [('rule r "R" share when a.age < majority', "r", "2000-01-01")],
    "IS308": [
        ('rule r "R" share when a.age < 2026-01-01', "a.age < 2026-01-01", ""),
        ('rule r "R" share when a.yes_1 < 3', "a.yes_1", ""),
        ('rule r "R" share when a.level >= 3', "a.level", ""),
        ('rule r "R" share when a.day < majority from 2001-01-01', "a.day < majority", ""),
        ('rule r "R" share when a.day < 3 years before a.age', "a.age", ""),
        ('rule r "R" share when a.day < majority before today from 2001-01-01', "majority", ""),
        ('rule r "R" share when a.note < 3', "a.note", ""),
    ],
    "IS309": [("value v by a.level: low 3, middle 4 from 2000-01-01", "v", "others 3")],
    "IS311": [
        (
            'facts about each place "p" x "x" : yes or no facts about each item "i" unanswered means none',
            "item",
            "leave out",
        ),
        ('facts about each recipient "r" unanswered means none', "recipient", "leave out"),
    ],
}


@pytest.mark.parametrize(
    ("code", "written", "text", "offered"),
    [(code, *case) for code, cases in CASES.items() for case in cases],
)
def test_a_fault_gets_its_own_code_at_its_own_place_with_what_to_write(code, written, text, offered):
    found = faults(CLAUSES + written)
    assert places(found) == [(code, text)]
    assert offered in told(found[0])
    assert found[0].severity == "error"


@pytest.mark.parametrize(
    ("code", "written"), [(code, case[0]) for code, cases in CASES.items() for case in cases]
)
def test_a_message_is_one_clause_in_lower_case_and_names_no_type_of_the_program(code, written):
    for fault in faults(CLAUSES + written):
        first = fault.message.lstrip("`")
        assert fault.message.startswith("`") or first[0].islower()
        assert not fault.message.endswith(".")
        assert not any(word in told(fault) for word in ("str", "int", "bool", "None", "dict", "NoneType"))


def test_the_place_of_a_second_declaration_comes_with_the_place_of_the_first():
    for written, first in [
        ('rule bar "B" share', "bar"),
        ('facts about a "a" yes_1 "1" : yes or no', "yes_1"),
    ]:
        (fault,) = faults(CLAUSES + written)
        again, before = fault.labels
        assert (again.span.text, before.span.text) == (first, first)
        assert before.span.start < again.span.start


def test_a_name_declared_in_two_files_is_told_with_both_files():
    (fault,) = faults('use "u.policy" rule r "R" share', {"u.policy": 'infoshare 1 rule r "R" withhold'})
    assert fault.code == "IS206"
    assert [label.span.source.path for label in fault.labels] == ["p.policy", "u.policy"]


def test_two_policies_of_one_name_in_two_files_are_told():
    found = faults('use "u.policy"', {"u.policy": 'infoshare 1 policy p "P again"'})
    assert [f.code for f in found] == ["IS206"]


def test_a_scenario_without_a_policy_is_told():
    (fault,) = faults('scenario "s" given then share', head="infoshare 1\n" + FACTS)
    assert fault.code == "IS215"


def test_a_scenario_for_which_two_policies_are_used_is_told():
    found = faults(
        'use "u.policy" use "v.policy" scenario "s" given then share',
        {"u.policy": 'infoshare 1 policy u "U"', "v.policy": 'infoshare 1 policy v "V"'},
        head="infoshare 1\n",
    )
    assert [f.code for f in found] == ["IS215"]


def test_a_policy_that_ends_before_it_begins_is_told():
    found = faults("", head='infoshare 1 policy p "P" from 2026-02-01 until 2026-01-31\n')
    assert places(found) == [("IS306", "2026-01-31")]


def test_a_clause_that_starts_and_ends_on_one_day_is_fine():
    assert faults('rule r "R" share from 2026-02-01 until 2026-02-01') == ()


def test_a_clause_without_must_that_prevails_over_one_with_it_is_only_a_warning():
    policy = load('rule law "L" must withhold override o "O" share prevails over law')
    (warning,) = policy.diagnostics
    assert (warning.code, warning.severity, warning.span.text) == ("IS216", "warning", "law")
    assert load('rule law "L" must withhold override o "O" must share prevails over law').diagnostics == ()


NATIONAL = """infoshare 1 policy national "National"
facts about concern "the concern"
  harm "the harm" : one of none, grave in order
rule law "L" must withhold
"""


def test_what_stands_instead_of_a_must_and_does_not_say_it_is_only_a_warning():
    used = {"n.policy": NATIONAL}
    (warning,) = load('use "n.policy" rule mine "M" instead of law withhold', used).diagnostics
    assert (warning.code, warning.severity, warning.span.text) == ("IS219", "warning", "law")
    assert load('use "n.policy" rule mine "M" instead of law must withhold', used).diagnostics == ()


@pytest.mark.parametrize(
    ("more", "offered"),
    [
        ("one of low", "`also one of none, grave, low in order`"),
        ("one of low, grave in order", "`also one of none, grave, low in order`"),
        ("one of grave, low, none in order", "`also one of none, grave, low in order`"),
    ],
)
def test_more_values_of_a_fact_in_order_repeat_the_whole_order(more, offered):
    text = f'use "n.policy" facts about concern "the concern" harm also {more}'
    (fault,) = faults(text, {"n.policy": NATIONAL})
    assert (fault.code, fault.span.text) == ("IS310", more)
    assert offered in told(fault)


def test_every_code_of_names_and_types_is_tried_here():
    elsewhere = {"IS215", "IS216", "IS219", "IS310"}
    assert set(CASES) | elsewhere == {code for code in CODES if code.startswith(("IS2", "IS3"))}


# --- all of them at once --------------------------------------------------------------------------


def test_every_fault_of_every_file_is_told_at_once():
    found = faults(
        """
use "words.policy"
use "clauses.policy"
rule r "R" share when a.levle is high and a.level is hihg
  from 2026-02-01 until 2026-01-01
  cites acts
override o "O" share prevails over nobody, nothing
""",
        {
            "words.policy": "infoshare 1\n" + FACTS + 'facts about case "c" one_1 "1" : one of unsure, x',
            "clauses.policy": 'infoshare 1 rule used_one "U" share when a.yes_9 rule used_two "U" share when a.age < 2026-01-01',
        },
    )
    assert sorted((f.code, f.span.source.path) for f in found) == [
        ("IS201", "clauses.policy"),
        ("IS201", "p.policy"),
        ("IS203", "p.policy"),
        ("IS203", "p.policy"),
        ("IS204", "p.policy"),
        ("IS212", "words.policy"),
        ("IS212", "words.policy"),
        ("IS301", "p.policy"),
        ("IS306", "p.policy"),
        ("IS308", "clauses.policy"),
    ]


def test_two_faults_of_one_condition_are_both_told():
    found = faults(FACTS + 'rule r "R" share when any of these - a.yes_7 - not a.yes_8 - (a.yes_9 and gone)')
    assert places(found) == [
        ("IS201", "a.yes_7"),
        ("IS201", "a.yes_8"),
        ("IS201", "a.yes_9"),
        ("IS202", "gone"),
    ]


# --- nobody is blamed for another's fault ---------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "users"),
    [
        ('define d "D" as a.yes_9', 'rule r "R" share when d define e "E" as not d'),
        (
            'rule r "R" share when a.yes_9',
            'exception e "E" sets aside r scenario "s" given then share because of r',
        ),
        (
            'duty d "D" before sharing when a.yes_9',
            'exception e "E" sets aside d guarantee g "G" always requires d',
        ),
        (
            'facts about b "b" kind "k" : one of plain, grave unanswered means a9',
            'rule r "R" share when b.kind is grave',
        ),
        ('facts about b "b" n "n" : number from 5 to 3', 'rule r "R" share when b.n < 4'),
        ('facts about case "c" kind "k" : yes or no', 'rule r "R" share when case.kind'),
        ("value v 3 from 2026-01-01, 4 from 2025-01-01", 'rule r "R" share when a.age < v from 2026-01-01'),
        ('facts about each a "a" kind "k" : yes or no', 'rule r "R" share when any item (item.old)'),
        (
            'facts about each place "p" kind "k" : one of x, unsure',
            'rule r "R" share when any place (place.kind is x)',
        ),
        ('override o "O" share prevails over gone', 'exception e "E" sets aside o'),
        (
            'safeguard s "S" for each item require item.gone otherwise "O"',
            'exception e "E" sets aside s',
        ),
    ],
)
def test_what_uses_a_declaration_with_a_fault_is_not_blamed_for_it(broken, users):
    alone = faults(FACTS + broken)
    assert len(alone) == 1
    assert places(faults(FACTS + broken + " " + users)) == places(alone)


@pytest.mark.parametrize(
    ("broken", "users"),
    [
        ('define d "D" when a.yes_1', 'rule r "R" share when d'),
        ('rule r "R" shares when a.yes_1', 'override o "O" withhold prevails over r'),
        ('rule r "R" shares when a.yes_1', 'exception e "E" sets aside r'),
        ('duty d "D" sometimes', 'exception e "E" sets aside d'),
        ("source s Act", 'rule r "R" share cites s "1"'),
        ("value v from 2026-01-01", 'rule r "R" share when a.age < v'),
        ('facts about b "b" kind : yes or no', 'rule r "R" share when b.kind'),
    ],
)
def test_what_uses_a_declaration_that_does_not_parse_is_not_blamed_for_it(broken, users):
    alone = faults(FACTS + broken)
    assert len(alone) == 1
    assert [f.code for f in faults(FACTS + broken + "\n\n" + users)] == [f.code for f in alone]


def test_a_file_that_cannot_be_read_does_not_make_its_users_be_blamed():
    found = faults('use "gone.policy" rule r "R" share when b.yes_1 cites s exception e "E" sets aside other')
    assert [f.code for f in found] == ["IS803"]


def test_the_place_of_a_fault_is_told_in_lines_and_columns_of_its_own_file():
    (fault,) = faults(FACTS + '\n\nrule r "R" share\n  when a.levle is high\n')
    text = HEAD + FACTS + '\n\nrule r "R" share\n  when a.levle is high\n'
    line = text.splitlines().index("  when a.levle is high") + 1
    assert (fault.span.source.path, fault.span.line, fault.span.column) == ("p.policy", line, 8)


# --- what to do next ------------------------------------------------------------------------------

WITH_HELP = [
    'rule r "R." share rule r "R." share',
    'facts about x "x" a "a" : one of b, b',
    'facts about x "x" a "a" : number from 5 to 3',
    'facts about x "x" a "a" : number unanswered means 3, 4',
    'facts about x "x" a "a" : yes or no unanswered means maybe',
    "value v 3 days from 2026-01-01, 4 from 2027-01-01",
    "value v 3 from 2027-01-01, 4 from 2026-01-01",
    'value v 3 from 2026-01-01 rule r "R." share when v',
    'facts about x "x" on "d" : date value v 3 from 2026-01-01 rule r "R." share when x.on < v after today',
    'facts about x "x" on "d" : date rule r "R." share when x.on < 3 days after 3',
    'facts about x "x" a "a" : one of b, c rule r "R." share when x.a is one of b, b',
    'facts about x "x" a "a" : one of b, c rule r "R." share when x.a includes b',
    'facts about x "x" a "a" : one of b, c rule r "R." share scenario "s" given x.a is exactly b, c then share',
    'exception e "E." sets aside e',
    'define a "A" as a',
    'define a "A" as b define b "B" as a',
    'rule r "R." share cites nosuch',
    'rule r "R." share scenario "s" given then share because of nosuch',
    'rule r "R." share scenario "s" given then share with r',
    'guarantee g "G." always requires nosuch',
    'override o "O." share prevails over everything',
    'safeguard s "S." for each item require x.a otherwise "O."',
    'rule r "R." share from 2027-01-01 until 2026-01-01',
]


@pytest.mark.parametrize("text", WITH_HELP)
def test_every_error_says_what_to_do_next(text):
    with pytest.raises(PolicyError) as caught:
        load_sources({"p.policy": f'infoshare 1 policy p "P" {text}'.encode()}, main="p.policy")
    assert caught.value.diagnostics
    assert [fault.message for fault in caught.value.diagnostics if not fault.help] == []

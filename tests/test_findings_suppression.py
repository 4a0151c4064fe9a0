"""Comments that allow a finding: where they stand, what they allow, and that none outlives its finding."""

import re

import pytest

from findings_samples import CLEAN, TODAY, VOCABULARY, checked, codes, look, pointed_at, varied
from infoshare.authoring.findings import findings, looked_at

NOT_CITED = {'  cites paper "2"\n': ""}
CLASH = varied({"when not child.at_risk and not child.agreed": "when not child.at_risk"})
ALLOW = "# allow IS501: the paper has no numbers yet"


@pytest.mark.parametrize(
    "changes",
    [
        {**NOT_CITED, "rule keep": f"{ALLOW}\nrule keep"},
        {**NOT_CITED, "rule keep": f"{ALLOW}\n\n# and another comment\n\nrule keep"},
        {**NOT_CITED, "rule keep": f"{ALLOW.replace('IS501', 'IS501 keep')}\nrule keep"},
        {**NOT_CITED, '"All else is kept."': f'"All else is kept."  {ALLOW}'},
        {**NOT_CITED, "withhold\n  when": f"withhold\n  {ALLOW}\n  when"},
        {**NOT_CITED, "when not child.at_risk and not child.agreed": f"when not child.at_risk and not child.agreed {ALLOW}"},
    ],
    ids=["before", "further before", "by name", "beside", "within", "after"],
)  # fmt: skip
def test_a_comment_allows_what_is_found_in_the_declaration_that_it_is_for(changes):
    assert codes(varied(changes)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {**NOT_CITED, "rule protect": f"{ALLOW}\nrule protect"},
        {**NOT_CITED, "safeguard grown": f"{ALLOW}\nsafeguard grown"},
        {**NOT_CITED, "rule keep": f"{ALLOW.replace('IS501', 'IS501 protect')}\nrule keep"},
        {**NOT_CITED, "rule keep": f"{ALLOW.replace('IS501', 'IS508')}\nrule keep"},
        {**NOT_CITED, "": ALLOW},
    ],
    ids=["before another", "after it", "by another name", "another code", "at the end"],
)
def test_a_comment_that_is_for_something_else_allows_nothing_and_is_told(changes):
    assert sorted(codes(varied(changes))) == ["IS501", "IS515"]


def test_a_comment_before_a_fact_is_for_this_fact_and_one_before_a_group_for_all_of_it():
    unasked = {
        'yes or no  ask "Is the child at risk?"': "yes or no",
        'yes or no  ask "Does the family agree?"': "yes or no",
    }
    allow = "# allow IS506: the door asks"
    one = look(varied({**unasked, "  agreed ": f"  {allow}\n  agreed "}))
    assert pointed_at(one) == ["at_risk"]
    assert codes(varied({**unasked, "facts about child": f"{allow}\nfacts about child"})) == []


def test_names_limit_a_comment_to_some_of_what_clashes():
    text = varied({"": 'rule unclear "Unclear." seek advice when child.level is low cites paper "9"\n'
                       'scenario "Low" given child.level is low child.at_risk then seek advice'})  # fmt: skip
    assert clashing(text) == {("unclear", "protect"), ("unclear", "keep")}
    for allow, left, others in (
        ("# allow IS601: advice decides", set(), []),
        (
            "# allow IS601 protect keep: no finding is about both",
            {("unclear", "protect"), ("unclear", "keep")},
            ["IS515"],
        ),
        ("# allow IS601 keep: advice decides", {("unclear", "protect")}, []),
        ("# allow IS601 unclear x keep: advice decides", {("unclear", "protect")}, []),
        ("# allow IS601 unclear and keep: advice decides", {("unclear", "protect")}, []),
    ):
        allowed = text.replace("rule unclear", f"{allow}\nrule unclear")
        assert clashing(allowed) == left
        assert [code for code in codes(allowed) if code != "IS601"] == others


def clashing(text):
    """The pairs that are told, each clash by itself."""
    left = looked_at([checked(text)], today=TODAY).findings
    return {tuple(re.findall("`(.*?)`", f.diagnostic.message)) for f in left if f.diagnostic.code == "IS601"}


def test_either_of_two_clauses_that_clash_may_carry_the_comment():
    assert codes(CLASH) == ["IS601"]
    for clause in ("rule keep", "rule protect"):
        assert codes(CLASH.replace(clause, f"# allow IS601: advice decides\n{clause}")) == []


def test_a_comment_without_a_reason_allows_and_is_told():
    for comment in ("# allow IS501", "# allow IS501:", "# allow IS501 keep:  "):
        assert codes(varied({**NOT_CITED, "rule keep": f"{comment}\nrule keep"})) == ["IS514"]


def test_a_warning_of_the_loading_can_be_allowed_too():
    text = varied({
        'rule protect "What protects is shared."\n  share': 'override protect "What protects is shared."\n  share\n  prevails over keep',
        "withhold\n  when not child.at_risk and not child.agreed": "must withhold\n  when not child.at_risk",
    })  # fmt: skip
    assert codes(text) == ["IS216"]
    allow = "# allow IS216 keep: the act says so"
    assert codes(text.replace("override protect", f"{allow}\noverride protect")) == []


def test_a_comment_in_a_used_file_allows_and_is_told_where_that_file_is_looked_at():
    policy = varied(
        {
            "source paper": 'use "v.policy"\n\nsource paper',
            "or child.level is high": "or child.level is high or family.here",
        }
    )
    allow = VOCABULARY.replace("  here", "  # allow IS506: nothing to allow\n  here")
    main = checked(policy, {"v.policy": allow})
    used = checked(allow, main="v.policy")
    assert findings([main], today=TODAY) == ()
    both = findings([main, used], today=TODAY)
    assert [f.diagnostic.code for f in both] == ["IS515"]
    # where a file could not be loaded, its findings are not known, and so neither is whether a comment allows one
    assert findings([main, used], today=TODAY, whole=False) == ()


def test_words_that_only_look_like_it_are_comments():
    for comment in ("# we allow IS501: yes", "#allowIS501: no", "# allow: IS501", "# Allow IS501: no"):
        assert codes(varied({"rule keep": f"{comment}\nrule keep"})) == []
    assert CLEAN

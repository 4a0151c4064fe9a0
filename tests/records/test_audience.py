"""Exports: what an audience may not see is not in one, and cannot be told from it."""

import copy
import json
import random
import re
from contextlib import suppress

import attrs
import pytest
from record_samples import (
    AT,
    DAY,
    ID,
    NURSE,
    OLDER,
    ROOT,
    SHIPPED,
    body_of,
    everything_told,
    policy_of,
    random_cases,
    refused,
)

import infoshare
from infoshare.errors import FactsError
from infoshare.policy.decision import Decision
from infoshare.records.audience.table import FORMAT, SEEN, Audience, export
from infoshare.records.body.build import record_body
from infoshare.records.body.codec import to_json
from infoshare.records.body.family import DANGERS
from infoshare.records.body.model import RECORD, ForFamily, Instead, Pair, Particulars, Practitioner
from infoshare.records.canonical import canonical
from infoshare.records.errors import RecordError
from infoshare.testing.policies import random_policy, sources
from infoshare.testing.tree_cases import random_case

PRACTITIONER, GOVERNANCE, FAMILY = Audience
CLEARED = ForFamily(may_know=True, words="We told the health visitor, so that she can help.")
# Everything that forbids telling a family answered with what does not.
SAFE = {
    "telling": {
        "endangers_child": False, "endangers_adult": False, "undermines_investigation": False,
        "loses_evidence": False, "prompts_flight": False,
    },
    "concern": {
        "harm_to_child": "significant", "sexual_abuse": False, "fabricated_illness": "none", "serious_crime": False,
        "fgm": "none", "forced_marriage": False, "sexual_activity_under_13": False,
    },
}  # fmt: skip
GOOD = {"accurate": True, "up_to_date": True, "necessary": True, "fact_or_opinion_marked": True}
FINE = {"needs_to_know": True, "verified": True, "secure_channel": True}


def seen(body, audience):
    return canonical(export(body, audience))


def shared_with_health():
    """The family agrees, and a letter goes to a health visitor: nothing about it is dangerous to tell."""
    return {
        "case": "Ash",
        **copy.deepcopy(SAFE),
        "consent": {"status": "given", "by": "parent", "genuine_choice": True},
        "sharing": {"purpose": "early_help", "lawful_basis": "public_task"},
        "item": [{"name": "weight chart", **GOOD}],
        "recipient": [{"name": "the health visitor", "role": "health", **FINE}],
    }


def told_to_family(**told):
    return body_of(shared_with_health(), particulars=Particulars(for_family=CLEARED), **told)


# --- the table --------------------------------------------------------------------------------

ANOTHER_KEY = {
    PRACTITIONER: {},
    GOVERNANCE: {"because": "because_given"},
    FAMILY: {
        "id": "reference", "decided_at": "decided_on", "decided_by": "organisation", "decision": "policy",
        "for_family": "words",
    },
}  # fmt: skip


def test_every_key_of_a_record_is_in_the_table_and_no_other():
    assert list(SEEN) == [key for key in RECORD.keys if key != "format"]


def test_the_page_about_it_shows_the_table():
    page = (ROOT / "docs" / "how-to" / "share-a-record.md").read_text("utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| `")]
    told = [(*(row.of(audience).words for audience in Audience), row.why) for row in SEEN.values()]
    assert rows == [[f"`{key}`", *(cell or "–" for cell in row)] for key, row in zip(SEEN, told, strict=True)]


@pytest.mark.parametrize("audience", list(Audience))
def test_an_export_has_the_keys_that_the_table_shows_and_no_other(audience):
    shown = {key for key, row in SEEN.items() if row.of(audience).words}
    if audience is FAMILY:
        shown -= {"recipients"}  # told beside what is shared
    expected = {ANOTHER_KEY[audience].get(key, key) for key in shown}
    found = export(body_of(refused(), particulars=everything_told()), audience)
    assert set(found) - {"format", "audience", "notice"} == expected
    assert found["format"] == FORMAT
    assert found["audience"] == audience


@pytest.mark.parametrize("audience", Audience)
def test_a_key_that_a_later_format_adds_is_shown_to_nobody(audience):
    body = body_of(refused(), particulars=everything_told(), because="It is right.")
    later = copy.deepcopy(body)

    def add(value):
        if isinstance(value, dict):
            for inner in list(value.values()):
                add(inner)
            value["zz_later"] = "a secret of a later format"
        elif isinstance(value, list):
            for inner in value:
                add(inner)

    for key in set(later) - {"facts", "format"}:
        if (
            key == "decision"
        ):  # free objects within it are facts by their keys, and no keys can be added to them
            for name in ("policy", "fired", "duties", "questions", "disclosures", "lifted"):
                for part in later[key][name] if isinstance(later[key][name], list) else [later[key][name]]:
                    part["zz_later"] = "a secret of a later format"
            later[key]["zz_later"] = "a secret of a later format"
        else:
            add(later[key])
    later["zz_later"] = "a secret of a later format"
    assert seen(later, audience) == seen(body, audience)


def test_an_audience_that_there_is_not_is_refused_and_the_nearest_offered():
    with pytest.raises(RecordError) as raised:
        export(body_of(refused()), "familiy")
    (fault,) = raised.value.diagnostics
    assert (fault.code, fault.help) == ("IS745", ("did you mean `family`?",))


# --- a family ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_unless_it_is_cleared_a_family_is_shown_the_same_whatever_the_case_and_whatever_was_decided(name):
    rng, bodies = random.Random(name), []
    for number, case in enumerate(random_cases(name, "family")):
        words = everything_told(
            done=(),
            recipients=(),
            for_family=ForFamily(may_know=rng.choice([None, False]), words="Not for them."),
        )
        told = {
            "supersedes": OLDER,
            "followed": False,
            "because": "I see it otherwise.",
            "particulars": words,
        }
        bodies.append(body_of(case, policy=name, presume=rng.random() < 0.8, **(told if number % 2 else {})))
    assert len({canonical(body) for body in bodies}) == len(bodies)
    assert len({seen(body, FAMILY) for body in bodies}) == 1


def test_a_family_that_is_told_is_told_what_and_whom_and_why_in_the_words_chosen_for_it():
    found = export(told_to_family(), FAMILY)
    assert found["shared"] == [{"item": "weight chart", "recipient": "the health visitor"}]
    assert found["purpose"] == "to give early help"
    assert found["lawful_basis"] == "a public task"
    assert found["words"] == CLEARED.words
    assert found["decided_on"] == "2026-11-22"


SECRETS = [
    {"item": [{"name": "court papers", **GOOD, "restricted": True}]},
    {"item": [{"name": "the neighbour's call", **GOOD, "endangers_source": True}]},
    {"item": [{"name": "father's record", **GOOD, "third_party": True}]},
    {"item": [{"name": "something", **GOOD, "restricted": "unsure"}]},
    {"recipient": [{"name": "DS Sample", "role": "police", **FINE}]},
    {"recipient": [{"name": "the court", "role": "court", **FINE}]},
    {"recipient": [{"name": "the uncle", "role": "family", **FINE, "suspected_of_harm": True}]},
    {"recipient": [{"name": "somebody", **FINE}]},
    {"request": {"made": True, "compulsion": "court_order", "from_verified": True}},
    {"sharing": {"more_detrimental": True}},
    {"sharing": {"prohibited_by_law": True}},
    {"sharing": {"emergency": True}},
    {"concern": {"harm_to_child": "immediate"}},
    {"concern": {"harm_to_others": "serious"}},
    {"consent": {"status": "refused", "by": "child", "genuine_choice": False}},
    {"child": {"age": 15, "competent": True, "wishes": "refuses"}},
    {"practitioner": {"in_doubt": True}},
]


def added(facts, more):
    """A case with more in its lists, and other answers in its groups."""
    case = copy.deepcopy(facts)
    for group, told in more.items():
        case[group] = (
            [*case.get(group, []), *told] if isinstance(told, list) else {**case.get(group, {}), **told}
        )
    return case


def pairs(case):
    """Everything in a case for everybody in it, as if all of it had been shared."""
    return tuple(Pair(i["name"], r["name"]) for i in case["item"] for r in case["recipient"])


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: json.dumps(secret)[:60])
def test_a_family_that_is_told_cannot_tell_that_there_was_something_else(secret):
    case = added(shared_with_health(), secret)
    plain = told_to_family()
    own = {"item": {"weight chart"}, "recipient": {"the health visitor"}}
    went = tuple(p for p in pairs(case) if p.item in own["item"] and p.recipient in own["recipient"])
    # shared or not, followed or not: the same page
    for shared in (went, pairs(case)):
        words = everything_told(
            done=(), recipients=(), for_family=CLEARED, instead=Instead("share", shared, "Not for them.")
        )
        busy = body_of(
            case, particulars=words, followed=False, because="There is more behind it.", supersedes=OLDER
        )
        assert seen(busy, FAMILY) == seen(plain, FAMILY)


HIDDEN = [
    {"sharing": {"prohibited_by_law": True}},
    {"sharing": {"more_detrimental": True}},
    {"sharing": {"purpose": "none"}},
    {"consent": {"status": "refused"}, "concern": {"harm_to_child": "none"}},
    {"item": [{"name": "court papers", **GOOD, "restricted": True}]},
    {"item": [{"name": "the neighbour's call", **GOOD, "endangers_source": True}]},
    {"recipient": [{"name": "the uncle", "role": "family", **FINE, "suspected_of_harm": True}]},
    {"recipient": [{"name": "DS Sample", "role": "police", **FINE, "verified": False}]},
    {},
]


@pytest.mark.parametrize("policy", SHIPPED)
def test_a_refusal_reads_the_same_whatever_is_behind_it(policy):
    base = shared_with_health()
    exports, decided = set(), set()
    for hidden in HIDDEN:
        case = added(base | {"item": [], "recipient": []}, hidden)
        body = body_of(case, policy=policy, particulars=Particulars(for_family=ForFamily(may_know=True)))
        if body["shared"]:
            words = Particulars(for_family=ForFamily(may_know=True), instead=Instead("withhold"))
            told = (
                {"followed": False, "because": "Not yet."} if body["decision"]["outcome"] == "share" else {}
            )
            body = body_of(case, policy=policy, particulars=words, **told)
        exports.add(seen(body, FAMILY))
        decided.add(canonical(body["decision"]))
    assert len(decided) > 3
    assert len(exports) == 1


# What the protocol and the guidance name as a reason not to tell, one by one.
FORBIDDING = (
    "telling.endangers_child", "telling.endangers_adult", "telling.undermines_investigation", "telling.loses_evidence",
    "telling.prompts_flight", "concern.sexual_abuse", "concern.fabricated_illness", "concern.serious_crime",
    "concern.fgm", "concern.forced_marriage", "concern.sexual_activity_under_13",
)  # fmt: skip


@pytest.mark.parametrize("path", FORBIDDING)
@pytest.mark.parametrize("answer", ["yes", "unsure", None])
def test_what_forbids_telling_a_family_cannot_be_cleared_and_tells_nothing_if_it_were(path, answer):
    group, _, name = path.partition(".")
    fact = policy_of().model.facts[path]
    yes = True if False in DANGERS[path] else fact.type.values[-1]
    case = shared_with_health()
    case[group][name] = {"yes": yes, "unsure": "unsure", None: None}[answer]
    if answer is None and fact.assumed is not None:
        assert export(body_of(case, particulars=Particulars(for_family=CLEARED)), FAMILY)["shared"]
        return
    with pytest.raises(RecordError) as raised:
        body_of(case, particulars=Particulars(for_family=CLEARED))
    assert {d.code for d in raised.value.diagnostics} == {"IS744"}
    assert path in raised.value.diagnostics[0].message
    # a record that says so all the same, as another program may have written it
    body = body_of(case)
    body["for_family"] = to_json(CLEARED)
    assert seen(body, FAMILY) == seen(body_of(case), FAMILY)


def test_without_assumptions_nothing_unanswered_is_taken_to_be_safe():
    case = shared_with_health()
    del case["telling"]["loses_evidence"]
    with pytest.raises(RecordError, match="loses_evidence"):
        body_of(case, presume=False, particulars=Particulars(for_family=CLEARED))


@pytest.mark.parametrize("seed", range(4))
def test_a_family_is_shown_the_same_whatever_a_random_policy_says_and_asks(seed):
    rng, exports = random.Random(seed), set()
    files = random_policy(rng)
    given = sources(files)
    policy = infoshare.load_sources(given, main=list(given)[-1])
    for _ in range(20):
        with suppress(FactsError):  # some answers are impossible together
            facts = random_case(rng, files)
            decision = policy.decide(facts, as_of=DAY)
            told = {"by": NURSE, "decided_at": AT, "record_id": ID, "engine_version": "0"}
            exports.add(seen(record_body(decision, facts, **told), FAMILY))
    assert len(exports) == 1


# --- practitioners and information governance -------------------------------------------------


def canaries(facts):
    """Particulars, a person and a case in which every text is a word of its own that is nowhere else."""
    words = (f"canary{number}x" for number in range(1_000))
    telling = {}

    def told(value, path):
        if isinstance(value, str):
            if (
                re.fullmatch(r"(share|withhold|seek_\w+|record_decision)", value)
                or value == "Children's Social Care"
            ):
                return value
            telling[path] = next(words)
            return telling[path]
        if isinstance(value, tuple):
            return tuple(told(each, path) for each in value)
        if attrs.has(type(value)):
            return type(value)(
                **{
                    f.name: told(getattr(value, f.name), f"{path}.{f.name}")
                    for f in attrs.fields(type(value))
                }
            )
        return value

    particulars = told(
        everything_told(instead=Instead("share", (), "N"), for_family=ForFamily(None, "W")), "particulars"
    )
    by = told(Practitioner("n", "r", "o", "i"), "by")
    case = copy.deepcopy(facts)
    case["case"] = telling["case"] = next(words)
    for index, item in enumerate(case["item"]):
        item["name"] = telling[f"item{index}"] = next(words)
    return case, by, particulars, telling


MAY_SEE = {
    FAMILY: {"by.organisation"},
    GOVERNANCE: {
        "by.name", "by.role", "by.organisation", "by.id",
        "particulars.requester.role", "particulars.requester.organisation",
        "particulars.advice.role", "particulars.advice.organisation",
    },
}  # fmt: skip


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("restricted", [True, False])
def test_no_word_that_somebody_wrote_reaches_an_audience_that_may_not_see_it(audience, restricted):
    facts = refused()
    facts["item"][0]["restricted"] = restricted
    case, by, particulars, telling = canaries(facts)
    body = body_of(case, by=by, particulars=particulars, followed=False, because="canary-because")
    assert all(word in json.dumps(body) for word in telling.values())
    shown = json.dumps(export(body, audience))
    found = {path for path, word in telling.items() if word in shown}
    if audience is not PRACTITIONER:
        assert found == MAY_SEE[audience]
        assert "canary-because" not in shown
    elif not restricted:
        assert set(telling) - found == {"particulars.advice.advice"}
        assert "canary-because" in shown
    else:
        assert found == {
            "by.name", "by.role", "by.organisation", "by.id", "case", "item1",
            "particulars.requester.name", "particulars.requester.role", "particulars.requester.organisation",
            "particulars.requester.verified", "particulars.recipients.organisation", "particulars.recipients.verified",
        }  # fmt: skip
        assert "canary-because" not in shown


def renamed(case, which, rng):
    """The case with other names for its elements, and the particulars to go with it."""
    other = copy.deepcopy(case)
    for group in ("item", "recipient"):
        for element in other.get(group) or ():
            if which(group, element):
                element["name"] = f'{rng.choice(["aa", "mm", "zz", "“", "é"])}{rng.random()} ["] ].x'
    return other


@pytest.mark.parametrize("name", SHIPPED)
def test_information_governance_cannot_tell_what_anything_or_anybody_is_called(name):
    rng = random.Random(name)
    for case in random_cases(name, "names"):
        other = renamed({**case, "case": "Ash"}, lambda _group, _element: True, rng)
        bodies = body_of({**case, "case": "Elm"}, policy=name), body_of(other, policy=name)
        assert seen(bodies[0], GOVERNANCE) == seen(bodies[1], GOVERNANCE)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_practitioner_cannot_tell_what_an_item_is_called_that_may_not_be_named(name):
    rng, masked = random.Random(name), 0
    for case in random_cases(name, "items"):
        case["item"] = [*(case.get("item") or ()), {"name": "court papers", "restricted": True}]
        case["sharing"]["items_differ"] = True  # not all of it is alike
        other = renamed(case, lambda group, item: group == "item" and not may_be_named(item), rng)
        masked += other != case
        bodies = body_of(case, policy=name), body_of(other, policy=name)
        assert seen(bodies[0], PRACTITIONER) == seen(bodies[1], PRACTITIONER)
    assert masked


def test_which_of_two_facts_that_would_both_do_is_named_tells_nothing_of_their_names():
    policy = infoshare.load_sources(
        {
            "p.policy": b"""infoshare 1
policy p "P"
facts about each item "an item"
  urgent "it is urgent" : yes or no
  restricted "it is restricted" : yes or no
rule r "What is urgent is shared."
  share
  when any item (item.urgent)
"""
        },
        main="p.policy",
    )
    named, exports = set(), {PRACTITIONER: set(), GOVERNANCE: set()}
    for names in (("a", "b"), ("b", "a")):
        facts = {"item": [{"name": name, "urgent": True, "restricted": True} for name in names]}
        decision = policy.decide(facts, as_of=DAY)
        body = record_body(decision, facts, by=NURSE, decided_at=AT, record_id=ID, engine_version="0")
        (chosen,) = re.findall(r'item\["(.)"\]', " ".join(decision.relied_on))
        named.add(names.index(chosen))
        for audience, found in exports.items():
            found.add(seen(body, audience))
    assert named == {0, 1}  # so that there would be something to tell
    assert {len(found) for found in exports.values()} == {1}


def may_be_named(item):
    return all(item.get(secret) in {False, None} for secret in ("restricted", "endangers_source"))


def test_information_governance_cannot_tell_the_age_of_a_child_but_by_what_hangs_on_it():
    name, alike = "hmg-2024", 0  # whose clauses ask whether the child is under 18
    for case in random_cases(name, "ages"):
        bodies = []
        for age in (5, 15):
            try:
                child = {"child": {**case["child"], "age": age, "unborn": False}}
                bodies.append(body_of({**case, **child}, policy=name))
            except FactsError:
                break
        without = {re.sub(r'"child.age": \d+,? ?', "", json.dumps(body["decision"])) for body in bodies}
        if len(bodies) == 2 and len(without) == 1:
            alike += 1
            assert seen(bodies[0], GOVERNANCE) == seen(bodies[1], GOVERNANCE)
    assert alike


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize(
    "key",
    [
        "item[",
        'item["GP letter',
        "item[7].x",
        'item["GP letter"]',
        "item[{}].necessary",
        'item["no such GP letter"].x',
        "",
    ],
)
def test_a_key_that_infoshare_did_not_write_breaks_nothing_and_tells_nothing(audience, key):
    body = body_of(refused())
    body["decision"]["relied_on"] = {key: True}
    body["decision"]["fired"][0]["facts"] = {key: True}
    body["decision"]["fired"][0]["waiting_for"] = [key]
    if audience is not PRACTITIONER:
        assert "GP letter" not in json.dumps(export(body, audience))
    else:
        export(body, audience)


@pytest.mark.parametrize("audience", [PRACTITIONER, GOVERNANCE])
def test_the_decision_in_an_export_is_a_decision_still(audience):
    facts = refused()
    facts["item"][1]["restricted"] = True
    found = export(body_of(facts), audience)
    decision = Decision.from_dict(found["decision"])
    assert decision.outcome == "share"
    assert [row.item for row in decision.disclosures] == (
        ["GP letter", "item 2"] if audience is PRACTITIONER else ["item 1", "item 2"]
    )


def test_a_number_in_place_of_a_name_is_nobodys_name():
    facts = refused()
    facts["item"] = [{"name": "court papers", "restricted": True}, {"name": "item 1"}]
    assert [row["item"] for row in export(body_of(facts), PRACTITIONER)["decision"]["disclosures"]] == [
        "item 1*",
        "item 1",
    ]


def spoil(value):
    """Changes everything in a value that can be changed."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        spoil(inner)
    if isinstance(value, dict):
        value["spoilt"] = 1
    elif isinstance(value, list):
        value.append("spoilt")


def test_an_export_is_a_copy_that_shares_nothing_with_the_record():
    body = body_of(refused(), particulars=everything_told())
    before = copy.deepcopy(body)
    for audience in Audience:
        found = export(body, audience)

        spoil(found)
    assert body == before


def test_names_told_only_beside_the_case_are_masked_as_well():
    facts = refused()
    del facts["item"], facts["recipient"]
    told = Particulars(instead=Instead("share", (Pair("secret diary", "Aunt May"),)))
    body = body_of(facts, particulars=told, followed=False, because="It was urgent.")
    assert body["shared"] == [{"item": "secret diary", "recipient": "Aunt May"}]
    shown = export(body, GOVERNANCE)
    assert shown["shared"] == shown["instead"]["shared"] == [{"item": "item 1", "recipient": "recipient 1"}]
    assert random.Random(ID) and "diary" not in json.dumps(shown)

"""Turns a day into the files that somebody starts a policy of their own from.

Invariant: what comes out is laid out, has nothing that `check` finds, and its scenario passes; a test says so.
Deliberately not here: writing them (the door). `docs/tutorial.md` leads on from them.
"""

from collections.abc import Mapping
from datetime import date

POLICY = "sharing.policy"

_POLICY = """\
infoshare 1

# Everything after a # is a remark, for people. Change the words in quotation marks to your own.

policy sharing "Sharing information at our school"
  version "1"
  owner "Our school"
  from START
  review by REVIEW

use "vocabulary.policy"

source handbook "The school's handbook"

consent ask_first "The family is asked before anything is shared."
  seek consent
  cites handbook "2.1"
"""

_VOCABULARY = """\
infoshare 1

# What a case may say: each fact with what it is called, how it can be answered, and the question to ask.

facts about consent "consent"
  status "…" :
    one of not_asked "the family has not been asked", given "the family agrees", refused "the family refuses"
    ask "What does the family say?"

facts about concern "the concern"
  serious "the child is likely to suffer serious harm" : yes or no
    ask "Is the child likely to suffer serious harm?"
"""

_SCENARIOS = """\
infoshare 1

# Invented cases, and what the policy must say to each of them.

use "sharing.policy"

scenario "Nobody has asked the family yet"
  given
    consent.status is not_asked
  then seek consent
    because of ask_first
"""

_README = """\
# Sharing information at our school

A policy that [infoshare](https://pypi.org/project/infoshare/) reads: when may information about a child be shared?

| file | what is in it |
|---|---|
| `sharing.policy` | the clauses, each with the paragraph that it comes from |
| `vocabulary.policy` | what a case may say, and the questions that are asked |
| `scenarios.policy` | invented cases, and what the policy must say to each |

After every change, in this folder:

```sh
infoshare fmt .
infoshare check .
infoshare test .
```

`fmt` lays the files out, `check` says what is wrong or missing, `test` tries the scenarios.
`infoshare ask sharing.policy` asks the questions and says what the policy makes of the answers.
`infoshare read sharing.policy` says every clause in plain English, to be held against the paragraph that it cites.

Before the policy is used for real cases, whoever answers for information governance checks every clause against
its paragraph.
"""


def starting_point(today: date) -> Mapping[str, str]:
    """The files by name: a policy of one clause, a vocabulary, a scenario and a page about them.

    Args:
        today: the first day of the policy; it is to be reviewed a year later.
    """
    review = date(today.year + 1, today.month, min(today.day, 28) if today.month == 2 else today.day)
    policy = _POLICY.replace("START", today.isoformat()).replace("REVIEW", review.isoformat())
    return {
        POLICY: policy,
        "vocabulary.policy": _VOCABULARY,
        "scenarios.policy": _SCENARIOS,
        "README.md": _README,
    }

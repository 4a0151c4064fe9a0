"""One file for each engine. What a file holds:

| name | what |
|---|---|
| `TITLE` | what tables call it |
| `KIND` | `product`, `peer` or `baseline` |
| `DISTRIBUTION`, `MODULE` | what to install and what to import, `None` where it needs nothing |
| `FIRED` | which rules it returns: `all`, `deciding` (the one that decides), `stands` (all but those that another one prevails over), `none` |
| `DUTIES` | whether the duties can be told from what it returns |
| `matching(rules)` | rules -> a function from a case to the rules that hold; for an engine that matches rules |
| `decide()` | a function from a case to the answer, for an engine that comes to an outcome of its own |
| `says_unknown()` | a function from a case to whether it cannot be decided yet; for an engine that has a word for that |
| `LARGEST` | the most synthetic rules that it is tried with, where more are known to hang it |

A file imports its engine inside the functions: an engine that is not installed is named, and the cold start is timed.
Whatever an engine returns is turned into the same answer, with everything that can be kept between cases kept.
"""

"""What a policy comes to in every case there can be: is something possible, and which case shows it.

`every_case` looks at one day, `days` says which days differ, and `search` finds over all of them a case that was
decided to see that it shows what it should. Findings, guarantees, coverage and mutation stand on these.
Invariant: pure; a day is an input. Deliberately not here: codes, messages and places (`infoshare.authoring`).
"""

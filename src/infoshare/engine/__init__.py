"""Fast forms of the meaning: the same decisions as `meaning.deciding`, in microseconds.

A policy becomes a specialised function once (`code`, `assembly`), which turns the facts of a case into the
clauses that hold; what follows from those is worked out once for each set of them (`verdict`). What a case
leaves unknown is tried in every way at once (`lanes`). Invariant: equal to the definition, decision for
decision, which tests try on random policies; what has no fast form is left to the definition.
"""

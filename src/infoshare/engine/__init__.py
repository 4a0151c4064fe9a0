"""Fast forms of the meaning: the same findings as `meaning.deciding`, in microseconds.

A policy becomes a specialised function once (`engine`, `assembly`), which turns the facts of a case into the
provisions that hold; what follows from those is worked out once for each set of them (`verdict`). What a case
leaves unknown is tried in every way at once (`lanes`). What only the definition finds is found once for all cases
that are told alike (`alike`). Invariant: equal to the definition, part for part, which tests try on random policies;
what has no fast form is left to the definition.
"""

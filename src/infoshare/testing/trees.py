"""Hypothesis strategies over the tree: any well-formed tree, whether or not it means anything.

Invariant: what is drawn can be printed, so `parse(print_file(tree)).file == tree`. Names need not be declared and
types need not fit: for policies that load, see `infoshare.testing.policies`.
"""

import unicodedata
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from infoshare.outcome import Act, Basis, Outcome
from infoshare.syntax import tree
from infoshare.syntax.condition_builder import LARGEST_NUMBER
from infoshare.syntax.words import DECLARATIONS, KEYWORDS, RESERVED_GROUP, RESERVED_VALUE

# --- names and literals -----------------------------------------------------------------------

_plain = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_keyword = st.sampled_from(sorted(KEYWORDS))

_any_word = _plain | _keyword  # wherever the grammar has no room for anything but a name
_group_word = _any_word.filter(lambda word: word != RESERVED_GROUP)
_option_word = _any_word.filter(lambda word: word != RESERVED_VALUE)
_fact_word = _any_word.filter(lambda word: word not in DECLARATIONS)
_declared_word = _plain.filter(lambda word: word not in KEYWORDS)

declared_names: SearchStrategy[tree.Name] = _declared_word.map(tree.Name)
free_names: SearchStrategy[tree.Name] = _any_word.map(tree.Name)
words: SearchStrategy[tree.Word] = _plain.map(tree.Word) | _keyword.filter(
    lambda word: word not in {"not", "exactly"}
).map(tree.Word)
paths: SearchStrategy[tree.Path] = st.builds(tree.Path, _any_word, _any_word)
numbers: SearchStrategy[tree.Number] = st.integers(-LARGEST_NUMBER, LARGEST_NUMBER).map(tree.Number)
dates: SearchStrategy[tree.Date] = st.dates(date(1000, 1, 1), date(9999, 12, 31)).map(tree.Date)
durations: SearchStrategy[tree.Duration] = st.builds(
    tree.Duration, st.integers(0, 1000), st.sampled_from(("days", "weeks", "months", "years"))
)


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return " ".join(part for part in composed.split(" ") if part)


texts: SearchStrategy[str] = st.text(
    st.characters(exclude_characters='"\\', exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")),
    max_size=12,
).map(_folded)
values: SearchStrategy[tree.Value] = words | numbers | dates | texts.map(tree.Text)

# --- conditions -------------------------------------------------------------------------------

terms: SearchStrategy[tree.Term] = st.recursive(
    paths | declared_names | numbers | dates | st.just(tree.Today()),
    lambda inner: st.builds(
        tree.Offset, durations | declared_names, st.sampled_from(("before", "after")), inner
    ),
    max_leaves=3,
)


def _tuples(items: SearchStrategy[Any], least: int = 1, most: int = 3) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


_atoms: SearchStrategy[tree.Condition] = st.one_of(
    st.builds(tree.Holds, paths | declared_names),
    st.builds(tree.Is, paths, values.map(lambda value: (value,)), st.booleans()),
    st.builds(tree.Is, paths, _tuples(values), st.booleans(), st.just(value=True)),
    st.builds(tree.Includes, paths, _any_word.map(tree.Word)),
    st.builds(tree.Compare, terms, st.sampled_from(("<", "<=", ">", ">=")), terms),
)


def _joins(inner: SearchStrategy[tree.Condition]) -> SearchStrategy[tree.Condition]:
    return st.one_of(
        st.builds(tree.Not, inner),
        st.builds(tree.And, _tuples(inner, 2)),
        st.builds(tree.Or, _tuples(inner, 2)),
        st.builds(tree.Quantified, st.sampled_from(("any", "every", "no")), free_names, inner),
    )


_listless: SearchStrategy[tree.Condition] = st.recursive(_atoms, _joins, max_leaves=5)
_lists: SearchStrategy[tree.Condition] = st.builds(
    tree.These, st.sampled_from(("any", "all", "none")), _tuples(_listless)
)
conditions: SearchStrategy[tree.Condition] = st.recursive(_listless | _lists, _joins, max_leaves=4)

# --- vocabulary -------------------------------------------------------------------------------

_options = _tuples(st.builds(tree.Option, _option_word.map(tree.Name), st.none() | texts), most=4)
types: SearchStrategy[tree.TypeExpr] = st.one_of(
    st.just(tree.YesNo()),
    st.builds(tree.OneOf, _options),
    st.builds(tree.SomeOf, _options),
    st.builds(tree.NumberType, st.none() | _any_word),
    st.builds(tree.NumberType, st.none() | _any_word, st.integers(-9, 9), st.integers(-9, 200)),
    st.just(tree.DateType()),
    st.just(tree.TextType()),
)
facts: SearchStrategy[tree.FactDecl] = st.builds(
    tree.FactDecl, _fact_word.map(tree.Name), texts, types, st.none() | _tuples(values), st.none() | texts
)
facts_declarations: SearchStrategy[tree.FactsDecl] = st.builds(
    tree.FactsDecl, _group_word.map(tree.Name), texts, _tuples(facts, 0), st.booleans()
)

# --- clauses ----------------------------------------------------------------------------------

cites: SearchStrategy[tree.Cite] = st.builds(tree.Cite, free_names, _tuples(texts, 0))
provisions: SearchStrategy[tree.Provisions] = st.builds(
    tree.Provisions,
    st.none() | conditions,
    st.none() | conditions,
    st.none() | dates,
    st.none() | dates,
    st.none() | texts,
    _tuples(cites, 0, 2),
)
_reasons = st.builds(
    tree.Provisions, when=st.none() | conditions, because=st.none() | texts, cites=_tuples(cites, 0, 2)
)
effects: SearchStrategy[tree.Effect] = st.builds(tree.Effect, st.sampled_from(Outcome)) | st.builds(
    tree.Effect, st.sampled_from((Outcome.SHARE, Outcome.WITHHOLD)), st.just(value=True)
)
targets: SearchStrategy[tree.Target] = declared_names | st.just(tree.EveryConsentClause())
timings: SearchStrategy[tree.Timing] = st.builds(
    tree.Timing, st.sampled_from(("before", "after")), st.sampled_from(Act)
).filter(lambda timing: (timing.order, timing.act) != ("before", Act.DECIDING))
_scopes = st.sampled_from(((), ("item",), ("recipient",), ("item", "recipient")))
_modalities = st.sampled_from(("never", "always"))

clauses: SearchStrategy[tree.Declaration] = st.one_of(
    st.builds(
        tree.Clause,
        st.sampled_from(("consent", "rule")),
        declared_names,
        texts,
        effects,
        provisions=provisions,
    ),
    st.builds(tree.Clause, st.just("override"), declared_names, texts, effects, _tuples(targets), provisions),
    st.builds(tree.Exception_, declared_names, texts, _tuples(targets), provisions),
    st.builds(tree.Duty, declared_names, texts, _tuples(timings), provisions),
    st.builds(tree.Safeguard, declared_names, texts, _scopes, conditions, texts, provisions),
    st.builds(tree.Advice, declared_names, texts, provisions),
    st.builds(
        tree.Guarantee,
        declared_names,
        texts,
        _modalities,
        outcome=st.sampled_from(Outcome),
        provisions=_reasons,
    ),
    st.builds(tree.Guarantee, declared_names, texts, _modalities, duty=declared_names, provisions=_reasons),
)

# --- scenarios --------------------------------------------------------------------------------

# `exactly` reads on to the next words, and `(not …)` denies; the oddest facts are left out of elements.
_given_values = values | st.just(tree.Word("exactly"))
_element_word = _any_word.filter(lambda word: word not in {"is", "not"})


def _elements(group: str) -> SearchStrategy[tree.GivenElement]:
    fact = st.builds(tree.Path, st.just(group), _element_word)
    holds = st.builds(tree.GivenHolds, fact, st.booleans())
    is_ = st.builds(tree.GivenIs, fact, values.map(lambda value: (value,)))
    exactly = st.builds(tree.GivenIs, fact, _tuples(values), st.just(value=True))
    return st.builds(tree.GivenElement, st.just(tree.Name(group)), texts, _tuples(holds | is_ | exactly, 0))


givens: SearchStrategy[tree.Given] = st.one_of(
    st.builds(tree.GivenHolds, paths, st.booleans()),
    st.builds(tree.GivenIs, paths, _given_values.map(lambda value: (value,))),
    st.builds(tree.GivenIs, paths, _tuples(values), st.just(value=True)),
    _group_word.flatmap(_elements),
    st.builds(tree.GivenNone, free_names),
)
_rows = _tuples(st.builds(tree.Row, texts, st.none() | texts), 0, 2)
_names = _tuples(declared_names, 0, 2)
expectations: SearchStrategy[tree.Expectation] = st.builds(
    tree.Expectation,
    st.sampled_from(Outcome),
    st.booleans(),
    _names,
    st.none() | st.sampled_from([basis for basis in Basis if basis is not Basis.CLAUSES]),
    _names,
    _names,
    _names,
    _tuples(paths | declared_names, 0, 2),
    _rows,
    _rows,
    _rows,
)
scenarios: SearchStrategy[tree.Scenario] = st.builds(
    tree.Scenario, texts, _tuples(givens, 0), expectations, st.none() | dates, _tuples(cites, 0, 2)
)

# --- files ------------------------------------------------------------------------------------

policies: SearchStrategy[tree.PolicyDecl] = st.builds(
    tree.PolicyDecl,
    free_names,
    texts,
    st.none() | texts,
    st.none() | texts,
    st.none() | dates,
    st.none() | dates,
    st.none() | dates,
)
sources: SearchStrategy[tree.SourceDecl] = st.builds(
    tree.SourceDecl, free_names, texts, st.none() | texts, st.none() | dates, st.none() | texts
)
steps: SearchStrategy[tree.ValueStep] = st.builds(tree.ValueStep, numbers | durations | dates, dates)
declarations: SearchStrategy[tree.Declaration] = st.one_of(
    policies,
    st.builds(tree.Use, texts),
    sources,
    facts_declarations,
    st.builds(tree.DefineDecl, declared_names, texts, conditions),
    st.builds(tree.ValueDecl, declared_names, _tuples(steps)),
    st.builds(tree.ImpossibleDecl, declared_names, texts, conditions),
    clauses,
    scenarios,
)
files: SearchStrategy[tree.File] = st.builds(tree.File, st.just(1), _tuples(declarations))

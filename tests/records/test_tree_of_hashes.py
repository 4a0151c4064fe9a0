"""The Merkle tree: published vectors, brute force by the definitions of RFC 6962, and whatever is not a proof."""

import json
import random
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_signers import flipped
from tree_samples import nodes_of, root_at

from infoshare.records.errors import VerificationError
from infoshare.records.log.tree import (
    EMPTY_ROOT,
    CompactRange,
    compact_range_at,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads(
    (Path(__file__).parent.parent / "data" / "rfc6962-transparency-dev.json").read_text("utf-8")
)
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
MANY = [leaf_hash(b"%d" % number) for number in range(400)]


# RFC 6962, section 2.1, as it stands there, over leaf hashes and positions. The oracle of everything below.


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = split(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m, d):
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m, d, whole):
    n = len(d)
    if m == n:
        return [] if whole else [mth(d)]
    k = split(n)
    if m <= k:
        return [*subproof(m, d[:k], whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


def stored(leaves):
    """Every complete subtree, as a log would store them, by what each leaf closes."""
    nodes, tree = {}, CompactRange()
    for leaf in leaves:
        nodes |= {(level, index): hash_ for level, index, hash_ in tree.closed_by(leaf)}
        tree = tree.append(leaf)
    return lambda level, index: nodes[level, index]


ALL = stored(MANY)


def holds(check, *arguments):
    try:
        check(*arguments)
    except VerificationError as error:
        (found,) = error.diagnostics
        assert found.code in {"IS705", "IS706"} and found.help
        return False
    return True


def test_the_hashes_of_nothing_of_a_leaf_and_of_a_node_are_the_published_ones():
    # transparency-dev/merkle, rfc6962/rfc6962_test.go
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert (
        node_hash(b"N123", b"N456").hex()
        == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    )


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_eight_published_leaves_are_the_published_ones(size):
    published = bytes.fromhex(VECTORS["roots"][size])
    tree = CompactRange()
    for leaf in LEAVES[:size]:
        tree = tree.append(leaf)
    assert root(LEAVES[:size]) == tree.root() == published
    assert root_at(stored(LEAVES), size) == published
    assert compact_range_at(stored(LEAVES), size) == tree


def test_the_complete_subtrees_of_the_eight_published_leaves_are_the_published_ones():
    by_definition, by_storing = nodes_of(LEAVES.__getitem__), stored(LEAVES)
    for level, hashes in enumerate(VECTORS["nodes"]):
        for index, published in enumerate(hashes):
            assert by_definition(level, index).hex() == by_storing(level, index).hex() == published


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda v: v["file"])
def test_a_published_inclusion_proof_verifies_as_published(vector):
    proof = [b64decode(step) for step in vector["proof"] or []]
    leaf, tree_root = b64decode(vector["leafHash"]), b64decode(vector["root"])
    arguments = (leaf, vector["leafIdx"], vector["treeSize"], proof, tree_root)
    assert holds(verify_inclusion, *arguments) is not vector["wantErr"]
    if not vector["wantErr"] and vector["treeSize"] <= 8 and leaf in LEAVES:
        assert inclusion_proof(stored(LEAVES), vector["leafIdx"], vector["treeSize"]) == tuple(proof)


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda v: v["file"])
def test_a_published_consistency_proof_verifies_as_published(vector):
    proof = [b64decode(step) for step in vector["proof"] or []]
    old, new = b64decode(vector["root1"]), b64decode(vector["root2"])
    arguments = (vector["size1"], old, vector["size2"], new, proof)
    # One vector says "don't care" where a root should be; here a root always has 32 bytes.
    wanted = not vector["wantErr"] and len(old) == 32
    assert holds(verify_consistency, *arguments) is wanted
    if wanted and vector["size2"] <= 8 and old in map(root, (LEAVES[:n] for n in range(9))):
        assert consistency_proof(stored(LEAVES), vector["size1"], vector["size2"]) == tuple(proof)


def test_the_published_vectors_hold_proofs_that_verify_and_proofs_that_do_not():
    for kind in ("inclusion", "consistency"):
        assert {vector["wantErr"] for vector in VECTORS[kind]} == {True, False}
        assert len(VECTORS[kind]) == 98


def test_the_example_of_rfc_6962_section_2_1_3_comes_out_node_by_node():
    a, b, c, d, e, f, j = MANY[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k = node_hash(g, h)
    l = node_hash(i, j)  # noqa: E741 - the name that it has there
    node_at = nodes_of(MANY.__getitem__)
    assert root_at(node_at, 7) == node_hash(k, l)
    assert inclusion_proof(node_at, 0, 7) == (b, h, l)
    assert inclusion_proof(node_at, 3, 7) == (c, g, l)
    assert inclusion_proof(node_at, 4, 7) == (f, j, k)
    assert inclusion_proof(node_at, 6, 7) == (i, k)
    assert consistency_proof(node_at, 3, 7) == (c, d, g, l)
    assert consistency_proof(node_at, 4, 7) == (l,)
    assert consistency_proof(node_at, 6, 7) == (i, j, k)


def test_roots_and_frontiers_are_those_of_the_definition_at_every_size():
    tree = CompactRange()
    for size, leaf in enumerate([*MANY, None]):
        assert tree.size == size
        assert tree.root() == mth(MANY[:size]) == root_at(ALL, size)
        assert tree == compact_range_at(ALL, size)
        if leaf is not None:
            tree = tree.append(leaf)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 31, 32, 33, 64])
def test_every_inclusion_proof_is_that_of_the_definition_and_verifies(size):
    leaves = MANY[:size]
    top, by_leaves = mth(leaves), nodes_of(leaves.__getitem__)
    for index in range(size):
        proof = inclusion_proof(ALL, index, size)
        assert list(proof) == path(index, leaves) == list(inclusion_proof(by_leaves, index, size))
        verify_inclusion(leaves[index], index, size, proof, top)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 31, 32, 33, 64])
def test_every_consistency_proof_is_that_of_the_definition_and_verifies(size):
    leaves = MANY[:size]
    top = mth(leaves)
    for old in range(1, size + 1):
        proof = consistency_proof(ALL, old, size)
        assert list(proof) == subproof(old, leaves, True)
        verify_consistency(old, mth(leaves[:old]), size, top, proof)


def test_proofs_in_trees_of_hundreds_of_leaves_are_those_of_the_definition():
    rng = random.Random(20261125)
    for _ in range(120):
        size = rng.randint(65, len(MANY))
        index, old = rng.randrange(size), rng.randint(1, size)
        leaves = MANY[:size]
        assert list(inclusion_proof(ALL, index, size)) == path(index, leaves)
        assert list(consistency_proof(ALL, old, size)) == subproof(old, leaves, True)
        verify_inclusion(MANY[index], index, size, path(index, leaves), mth(leaves))
        verify_consistency(old, mth(leaves[:old]), size, mth(leaves), subproof(old, leaves, True))


@given(st.data())
def test_in_a_tree_that_was_signed_a_proof_verifies_for_its_own_leaf_and_index_alone(data):
    # Size and root belong together, as a checkpoint has them; a proof alone binds no size.
    size = data.draw(st.integers(1, 60))
    index = data.draw(st.integers(0, size - 1))
    signed = data.draw(st.just(size) | st.integers(1, 63))
    claimed = data.draw(st.just(index) | st.integers(0, 63))
    other = data.draw(st.just(claimed) | st.integers(0, 63))
    proof = inclusion_proof(ALL, index, size)
    expected = claimed < signed and other == claimed and proof == inclusion_proof(ALL, claimed, signed)
    assert holds(verify_inclusion, MANY[other], claimed, signed, proof, root_at(ALL, signed)) is expected


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_a_consistency_proof_verifies_for_the_two_trees_that_it_is_of_alone(a, b, old_root, new_root):
    old, new = sorted((a, b))
    proof = consistency_proof(ALL, old, new)
    verdict = holds(verify_consistency, old, root_at(ALL, old_root), new, root_at(ALL, new_root), proof)
    assert verdict is ((old_root, new_root) == (old, new) or (old == new and old_root == new_root))


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 6), st.integers(0, 6), st.sampled_from(MANY))
def test_a_hash_more_or_less_or_twice_or_elsewhere_is_refused(index, more, at, to, extra):
    size = index + more + 1
    proof = list(inclusion_proof(ALL, index, size))
    top = root_at(ALL, size)
    assert not holds(verify_inclusion, MANY[index], index, size, [*proof[:at], extra, *proof[at:]], top)
    assert not holds(verify_inclusion, MANY[index], index, size, [*proof, top], top)
    assert not holds(verify_inclusion, MANY[index], index, size, [top, *proof], top)
    if at < len(proof):
        assert not holds(verify_inclusion, MANY[index], index, size, proof[:at] + proof[at + 1 :], top)
        assert not holds(verify_inclusion, MANY[index], index, size, [*proof[: at + 1], *proof[at:]], top)
        if to < len(proof) and to != at:
            proof[at], proof[to] = proof[to], proof[at]
            assert not holds(verify_inclusion, MANY[index], index, size, proof, top)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 7), st.sampled_from(MANY))
def test_a_consistency_proof_with_a_hash_more_or_less_is_refused(old, more, at, extra):
    new = old + more
    proof = list(consistency_proof(ALL, old, new))
    old_root, new_root = root_at(ALL, old), root_at(ALL, new)
    for changed in (
        [*proof[:at], extra, *proof[at:]],
        [*proof, new_root],
        [old_root, *proof],
        [*proof, *proof],
        proof[: min(at, len(proof) - 1)] + proof[min(at, len(proof) - 1) + 1 :],
        [],
    ):
        assert not holds(verify_consistency, old, old_root, new, new_root, changed)


@given(st.integers(0, 20), st.integers(0, 20), st.sampled_from(MANY))
def test_a_proof_too_long_is_refused_even_for_a_root_that_was_made_to_fit_it(index, more, extra):
    size = index + more + 1
    proof, top = inclusion_proof(ALL, index, size), root_at(ALL, size)
    for made in (node_hash(extra, top), node_hash(top, extra)):
        assert not holds(verify_inclusion, MANY[index], index, size, [*proof, extra], made)
    if more:
        old, consistent = root_at(ALL, index + 1), consistency_proof(ALL, index + 1, size)
        for made in (node_hash(extra, top), node_hash(top, extra)):
            for earlier in (old, node_hash(extra, old)):
                assert not holds(verify_consistency, index + 1, earlier, size, made, [*consistent, extra])


@given(st.integers(0, 20), st.integers(1, 20))
def test_a_proof_too_short_is_refused_even_for_a_root_that_was_made_to_fit_it(index, more):
    size = index + more + 1
    for proof in (inclusion_proof(ALL, index, size), inclusion_proof(ALL, size - 1, size)):
        at = index if proof == inclusion_proof(ALL, index, size) else size - 1
        for length in range(len(proof)):
            # Every root that hashing the first few of them, on either side, could lead to.
            made = {MANY[at]}
            for step in proof[:length]:
                made = {node_hash(step, each) for each in made} | {node_hash(each, step) for each in made}
            assert not any(holds(verify_inclusion, MANY[at], at, size, proof[:length], each) for each in made)


def test_every_flipped_bit_of_leaf_proof_and_root_is_found():
    for index, size in ((0, 1), (3, 7), (6, 7), (5, 8)):
        proof, top = inclusion_proof(ALL, index, size), root_at(ALL, size)
        for _, _, leaf in flipped(MANY[index]):
            assert not holds(verify_inclusion, leaf, index, size, proof, top)
        for _, _, other in flipped(top):
            assert not holds(verify_inclusion, MANY[index], index, size, proof, other)
        for at in range(len(proof)):
            for _, _, step in flipped(proof[at]):
                changed = [*proof[:at], step, *proof[at + 1 :]]
                assert not holds(verify_inclusion, MANY[index], index, size, changed, top)


def test_every_flipped_bit_of_a_consistency_proof_and_its_roots_is_found():
    for old, new in ((4, 4), (3, 7), (4, 7), (6, 7), (1, 8)):
        proof, roots = consistency_proof(ALL, old, new), (root_at(ALL, old), root_at(ALL, new))
        for _, _, changed in flipped(roots[0]):
            assert not holds(verify_consistency, old, changed, new, roots[1], proof)
        for _, _, changed in flipped(roots[1]):
            assert not holds(verify_consistency, old, roots[0], new, changed, proof)
        for at in range(len(proof)):
            for _, _, step in flipped(proof[at]):
                changed = [*proof[:at], step, *proof[at + 1 :]]
                assert not holds(verify_consistency, old, roots[0], new, roots[1], changed)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (5, 5), (6, 5), (-1, 5), (0, -1), (2**64, 2**65), (0, 2**63)]
)
def test_an_index_that_the_tree_does_not_reach_is_refused(index, size):
    assert not holds(verify_inclusion, MANY[0], index, size, [], MANY[0])
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(ALL, index, size)


def test_an_empty_tree_has_no_leaf_not_even_its_own_root():
    assert not holds(verify_inclusion, EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)


def test_a_tree_does_not_shrink_and_an_empty_one_shows_nothing_about_a_later_one():
    assert not holds(verify_consistency, 5, root_at(ALL, 5), 3, root_at(ALL, 3), [])
    assert not holds(verify_consistency, -1, EMPTY_ROOT, 3, root_at(ALL, 3), [])
    assert not holds(verify_consistency, 0, EMPTY_ROOT, 3, root_at(ALL, 3), [])
    for old, new in ((5, 3), (-1, 3), (0, 3)):
        with pytest.raises(ValueError, match="has leaves"):
            consistency_proof(ALL, old, new)
    assert consistency_proof(ALL, 0, 0) == ()
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert not holds(verify_consistency, 0, MANY[0], 0, MANY[0], [])


@pytest.mark.parametrize("wrong", [b"", b"x" * 31, b"x" * 33, b"x" * 64])
def test_what_has_not_the_length_of_a_hash_is_refused(wrong):
    proof, top = inclusion_proof(ALL, 2, 5), root_at(ALL, 5)
    assert not holds(verify_inclusion, wrong, 2, 5, proof, top)
    assert not holds(verify_inclusion, MANY[2], 2, 5, proof, wrong)
    assert not holds(verify_inclusion, MANY[2], 2, 5, [proof[0], wrong, *proof[2:]], top)
    assert not holds(verify_consistency, 2, wrong, 5, top, consistency_proof(ALL, 2, 5))
    assert not holds(verify_consistency, 5, wrong, 5, wrong, [])


def test_a_node_is_no_leaf_so_a_subtree_never_passes_for_an_entry():
    inner = node_hash(MANY[0], MANY[1])
    assert leaf_hash(MANY[0] + MANY[1]) != inner
    assert not holds(verify_inclusion, inner, 0, 4, inclusion_proof(ALL, 0, 4), root_at(ALL, 4))


def test_a_frontier_with_the_wrong_hashes_cannot_be_made():
    with pytest.raises(ValueError, match="one hash for each bit"):
        CompactRange(3, (MANY[0],))
    with pytest.raises(ValueError, match="32 bytes"):
        CompactRange(1, (b"x",))
    with pytest.raises(ValueError, match="one hash for each bit"):
        CompactRange(-1, (MANY[0],))


def test_a_proof_at_a_million_leaves_asks_for_some_forty_stored_hashes():
    asked = []

    def node_at(level, index):
        asked.append((level, index))
        return sha256(b"%d/%d" % (level, index)).digest()

    size = 1_000_003
    proof = inclusion_proof(node_at, 123_456, size)
    assert len(proof) <= 20 and len(asked) <= 40
    assert all((index + 1) << level <= size for level, index in asked)
    asked.clear()
    consistency_proof(node_at, 999_999, size)
    assert len(asked) <= 60

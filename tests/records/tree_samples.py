"""The subtrees of trees whose leaves are at hand, worked out from all leaves each time."""

from infoshare.records.log.tree import CompactRange, compact_range_at


def nodes_of(leaf_at):
    """The complete subtrees over leaves that are at hand; every call hashes all leaves below the node.

    For a small tree, or to check stored nodes. At a million leaves a proof takes seconds this way.
    """

    def node_at(level, index):
        first = index << level
        tree = CompactRange()
        for at in range(first, first + (1 << level)):
            tree = tree.append(leaf_at(at))
        return tree.root()

    return node_at


def root_at(node_at, size):
    """The root that the tree had at a size."""
    return compact_range_at(node_at, size).root()

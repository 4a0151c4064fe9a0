"""Turns a policy into the files that are kept with its decisions, and back.

Invariant: what is kept loads again as the same policy, with the same digest, without a file system; that is tried before
anything is recorded. Deliberately not here: loading itself (`infoshare.policy.load`), databases (`storage`).
"""

from collections.abc import Mapping

from infoshare.errors import PolicyError
from infoshare.policy.load import load_sources
from infoshare.policy.policy import Policy
from infoshare.records.errors import RecordError, VerificationError


def files_of(policy: Policy) -> dict[str, bytes]:
    """The files of a policy by path, the main one first.

    Raises:
        RecordError: IS738, it could not be loaded from them again.
    """
    files = dict(policy.sources)
    try:
        again = load_sources(files, main=next(iter(files))) if files else None
    except PolicyError:
        again = None
    if again is None or again.model.digest != policy.model.digest:
        raise RecordError.of(
            "IS738",
            "the files of this policy cannot be kept so that it loads from them again",
            "load it with `infoshare.load` or `load_sources`, and use files by their own names rather than through links",
        )
    return files


def loaded(files: Mapping[str, bytes] | None, digest: str) -> Policy:
    """The policy that was kept under a digest.

    Raises:
        VerificationError: IS728, its files are gone or were changed.
    """
    try:
        policy = load_sources(files, main=next(iter(files))) if files else None
    except PolicyError:
        policy = None
    if policy is None or policy.model.digest != digest:
        raise VerificationError.of(
            "IS728",
            f"the files of the policy {digest[:19]}… are not those that were kept",
            "compare with a copy of the ledger, or with the policy as it was published",
        )
    return policy

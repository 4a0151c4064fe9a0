"""The digest of a policy's files is SHA-256, whichever implementation this Python has."""

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoshare.digests import sha256_hex


@given(st.binary(max_size=1000))
def test_a_digest_is_that_of_hashlib(data):
    assert sha256_hex(data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("missing", ["", "_sha2", "_sha2 _sha256"])
def test_a_digest_is_the_same_on_a_python_without_its_own(missing):
    # FIPS 180-4, the one-block example of SHA-256: "abc".
    code = f"""
import sys
sys.modules.update(dict.fromkeys({missing.split()}))
from infoshare.digests import sha256_hex
print(sha256_hex(b"abc"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

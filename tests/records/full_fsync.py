"""A disk that says that it could not keep what it was given: fsync and fdatasync fail from some call on.

Needs a C compiler, for a library that stands between SQLite and the system; run by `.ci/full`.
"""

import subprocess
import sys

import pytest
from ledger_samples import small
from test_ledger_faults import PROGRAM, receipts_of, sound

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static int left = -1;

static int fails(void) {
  if (left < 0) left = atoi(getenv("SYNCS"));
  if (left == 0) { errno = EIO; return 1; }
  left--;
  return 0;
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  return fails() ? -1 : real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  return fails() ? -1 : real(fd);
}
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shim")
    (folder / "shim.c").write_text(SHIM, "utf-8")
    library = folder / "shim.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, folder / "shim.c", "-ldl"], check=True)
    return library


@pytest.mark.parametrize("syncs", [0, 1, 2, 3, 5, 9])
def test_a_disk_that_fails_to_keep_something_gives_no_receipt_for_it(tmp_path, shim, syncs):
    path = tmp_path / "a.ledger"
    first = small(path, records=1)
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "until", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"LD_PRELOAD": str(shim), "SYNCS": str(syncs), "PYTHONPATH": ":".join(sys.path)},
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode == 8, err
    assert "the disk did not keep what it was given" in err
    receipts = receipts_of(out)
    # What has a receipt is there. What failed may be there too, as a whole, and then nobody has its receipt.
    assert sound(path, [*first, *receipts]) - 1 - len(receipts) in {0, 1}
    assert receipts or syncs < 3

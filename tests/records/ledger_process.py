"""A process of its own that adds to a ledger, and stops, is stopped or fails where a test says.

ledger_process.py add LEDGER COUNT [STEP]     adds, prints each receipt once it has it; at STEP, kills itself
ledger_process.py limited LEDGER BYTES        adds until no file may grow beyond so many bytes
"""

import os
import resource
import signal
import sys

from ledger_samples import NURSE, YES, opened, policy

from infoshare.records import NotRecordedError


def add(path, count, step=None):
    """With a step, dies at it in the last append."""
    done = 0

    def at(reached):
        if reached == step and done == count - 1:
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(path, at_step=at, wait=120) as ledger:
        while done < count:
            print(ledger.decide(policy(), YES, by=NURSE).receipt.to_bytes().decode(), flush=True)
            done += 1


def until(path, size=None):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with opened(path) as ledger:
        if size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), resource.RLIM_INFINITY))
        try:
            while True:
                print(ledger.decide(policy(), YES, by=NURSE).receipt.to_bytes().decode(), flush=True)
        except NotRecordedError as error:
            print("the decision is lost" if error.decision is None else error, file=sys.stderr)
            # The ledger is closed by the system, as when a machine stops.
            os._exit(8)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["add", where, count, *step]:
            add(where, int(count), *step)
        case ["until", where, *size]:
            until(where, *size)

"""`./ats bench property --graphs 10000`: random dialplans on the real engine and in the simulator, path by path."""

import argparse
import time

from tests.harness.instance import Instance
from tests.harness.property import FIRST_CLIENT, check

_BATCH = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    checked = skipped = 0
    with Instance() as instance:
        for start in range(0, options.graphs, _BATCH):
            seed = options.seed + start
            # Numbers of clients are never used again: the journal tells the batches apart by them.
            report = check(
                instance, min(_BATCH, options.graphs - start), seed, first=FIRST_CLIENT + start * 10
            )
            checked += report.checked
            skipped += report.skipped
            print(
                f"seed {seed}: {checked} same path, {skipped} skipped at the edge of a calendar", flush=True
            )
            if report.differences:
                raise SystemExit("\n\n".join(report.differences[:5]))


if __name__ == "__main__":
    main()

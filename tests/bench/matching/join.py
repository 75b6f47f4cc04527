"""The least that any matching does: read both files, join them on the birth date, count the pairs.

Run as a process of its own.
"""

import sys
from pathlib import Path

import polars as pl

from tests.bench.matching import frames


def main() -> None:
    left, right = (Path(name) for name in sys.argv[1:])
    joined = frames.registrations(left).join(
        frames.roster(right), on="birth_date", suffix="_on_roster"
    )
    print(joined.select(pl.len()).collect().item())


if __name__ == "__main__":
    main()

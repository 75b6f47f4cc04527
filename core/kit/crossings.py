"""The log of what crossed into the closed network or out: one line a file, with two people."""

import csv
import os
from dataclasses import astuple, dataclass, fields
from pathlib import Path

OUT, IN = "out", "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A file that crossed; `hash` is of its content, as the other side computes it, too."""

    time: str
    operator: str
    approver: str
    direction: str
    file: str
    count: int
    hash: str


def hashes(path: Path, direction: str) -> set[str]:
    """Return the hashes of what crossed in a direction, as the log has them."""
    if not path.exists():
        return set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["hash"] for row in csv.DictReader(file) if row["direction"] == direction}


def append(path: Path, crossing: Crossing) -> None:
    """Write a crossing under those before, and wait until it is kept."""
    is_new = not path.exists()
    with path.open("a", encoding="utf-8-sig" if is_new else "utf-8", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(one.name for one in fields(Crossing))
        writer.writerow(astuple(crossing))
        file.flush()
        os.fsync(file.fileno())

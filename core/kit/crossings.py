"""The log of what left the closed network: one line a file, with the two people who let it out."""

import csv
import os
from dataclasses import astuple, dataclass, fields
from pathlib import Path

OUT = "out"


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

"""Every set in turn: the engine, the join, Splink where it ends in reasonable time, and scores."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.matching import runs, scores, sets
from tests.bench.matching.runs import Run
from tests.bench.matching.scores import Score
from tests.bench.matching.sets import Set

# Beyond so many, Splink takes many minutes, and its measure tells nothing new.
MOST_FOR_SPLINK = 100_000


@dataclass(frozen=True)
class Measured:
    """A set, what matching it took and gave, and the same by Splink unless it was left out."""

    name: str
    match: Run
    join: Run
    score: Score
    splink: Run | None
    splink_score: Score | None


def measure(sizes: Iterable[int], stress: Iterable[int], seed: int) -> Iterable[Measured]:
    """Measure ordinary sets of these sizes, and stress sets of so many people."""
    for make, numbers in ((sets.ordinary, sizes), (sets.stress, stress)):
        for number in numbers:
            with tempfile.TemporaryDirectory(prefix="todoke-matching-") as folder:
                yield _measured(make(Path(folder), number, seed))


def _measured(given: Set) -> Measured:
    links = given.folder / "links.csv"
    join = runs.join(given)
    match = runs.match(given, links)
    score = scores.score(given, links)
    if given.size > MOST_FOR_SPLINK:
        return Measured(given.name, match, join, score, None, None)
    splink = runs.splink(given, links)
    return Measured(given.name, match, join, score, splink, scores.score(given, links))

"""`todoke match` on labelled people: nobody is linked with somebody else, nobody plain is missed.

The bench does the same at any size; see docs/matching-data.md for what the people are.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner

from core.kit.cli import match
from tests.bench.matching import scores, sets
from tests.bench.matching.scores import Score
from tests.bench.matching.sets import Set

PEOPLE = 2_000
# A municipality each: kanji and chome in one, small sections and lots in another, a county.
SEEDS = (0, 2, 3)


def matched(given: Set) -> Score:
    links = given.folder / "links.csv"
    files = {"registrations": given.registrations, "roster": given.roster, "out": links}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    answer = CliRunner().invoke(match, options)
    assert answer.exit_code == 0, answer.output
    score = scores.score(given, links)
    if score.false or score.recall < 0.99:
        print(scores.wrong(given, links).write_csv())
    return score


@pytest.mark.parametrize("seed", SEEDS)
def test_people_who_differ_in_spelling_are_linked_and_no_others(seed: int, tmp_path: Path) -> None:
    score = matched(sets.ordinary(tmp_path, PEOPLE, seed))

    assert score.must_accept > 800
    assert (score.false, score.doubled) == (0, 0)
    assert score.recall >= 0.99


@pytest.mark.parametrize("seed", SEEDS)
def test_no_look_alike_is_linked(seed: int, tmp_path: Path) -> None:
    score = matched(sets.stress(tmp_path, PEOPLE, seed))

    assert score.must_accept > 200
    assert (score.false, score.doubled) == (0, 0)
    assert score.recall >= 0.99

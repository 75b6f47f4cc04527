"""`todoke simulate pairs`: the same seed the same files, and a truth that is true."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from channels.simulators.cli import simulate
from channels.simulators.pairs.ordinary import Shares
from channels.simulators.pairs.writing import Order, blocks, write
from core.my_number import contains_my_number
from tests.channels.simulators.pairs.people import SEEDS, Pair, ordinary, stressful

pytestmark = pytest.mark.xdist_group("pairs")  # One worker makes them all.

FILES = ("R.csv", "L.csv", "truth.csv")


@pytest.mark.parametrize("stress", [False, True])
def test_the_same_seed_gives_the_same_files(tmp_path: Path, *, stress: bool) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        write(Order(1_500, seed, stress=stress), tmp_path / name)

    one, again, other = (
        [(tmp_path / name / file).read_bytes() for file in FILES]
        for name in ("one", "again", "other")
    )
    assert one == again
    assert all(a != b for a, b in zip(one, other, strict=True))


def test_a_larger_set_begins_with_the_smaller_one() -> None:
    small, large = list(blocks(Order(2_000, 3))), list(blocks(Order(4_000, 3)))

    assert small == large[:2]


def test_the_command_tells_what_it_wrote(tmp_path: Path) -> None:
    out = tmp_path / "pairs"
    given = ["pairs", "--people", "1000", "--seed", "5", "--stress", "--out", str(out)]

    answer = CliRunner().invoke(simulate, given)

    assert answer.exit_code == 0
    lines = {file: _lines(out / file) for file in FILES}
    assert f"R.csv: {len(lines['R.csv'])} registrations" in answer.output
    assert f"L.csv: {len(lines['L.csv'])} rows" in answer.output
    for label, number in Counter(line["label"] for line in lines["truth.csv"]).items():
        assert f"{label}: {number}\n" in answer.output


def test_as_many_register_and_are_on_the_roster_as_was_asked_for() -> None:
    drawn = list(blocks(Order(10_000, 2, Shares(0.3, 0.9))))

    assert sum(len(block.registrations) for block in drawn) == pytest.approx(3_000, rel=0.1)
    assert sum(len(block.roster) for block in drawn) == pytest.approx(9_000, rel=0.1)


@pytest.mark.parametrize("stress", [False, True])
def test_the_truth_names_each_pair_once_and_only_people_of_the_files(*, stress: bool) -> None:
    for block in blocks(Order(3_000, 4, stress=stress)):
        named = [(line[0], line[1]) for line in block.truth]
        assert len(set(named)) == len(named)
        assert {card for card, _ in named} <= {line[0] for line in block.registrations}
        assert {row for _, row in named} <= {line[0] for line in block.roster}
        ids = [line[0] for line in block.registrations + block.roster]
        assert len(set(ids)) == len(ids)


def test_names_are_as_various_as_in_a_city() -> None:
    """Of a thousand pairs of people some two share a surname, or, of one age, a given name."""
    drawn = [list(blocks(Order(6_000, seed, Shares(0, 1)))) for seed in SEEDS]
    people = [[row for block in of_seed for row in block.roster] for of_seed in drawn]
    heads = [{row[7]: row[1].split("　") for row in rows if "　" in row[1]} for rows in people]
    surnames = Counter(words[0] for of_seed in heads for words in of_seed.values())
    in_iso = [row for rows in people for row in rows if row[3][:2] == "19"]
    ages = Counter(row[3][:3] for row in in_iso)
    of_an_age = Counter((row[3][:3], row[1].split()[-1]) for row in in_iso)

    assert len(surnames) > 2_500
    assert 0.001 < _shared(surnames.values()) < 0.0022
    shared = [
        _shared(count for (decade, _), count in of_an_age.items() if decade == each)
        for each in ages
        if ages[each] > 500
    ]
    assert len(shared) > 3
    assert 0.0003 < min(shared) <= max(shared) < 0.003


def test_families_share_a_home_and_a_household_number() -> None:
    homes: dict[str, list[list[str]]] = {}
    for line in next(iter(blocks(Order(1_000, 1, Shares(0, 1))))).roster:
        homes.setdefault(line[7], []).append(line)

    families = [rows for rows in homes.values() if len(rows) > 2]
    assert len(families) > 50
    assert all(len({row[5] for row in rows}) == 1 for rows in families)


def test_nothing_in_the_files_could_be_a_my_number() -> None:
    block = next(iter(blocks(Order(1_000, 1))))
    cells = [cell for line in block.registrations + block.roster for cell in line]

    assert len(cells) > 10_000
    assert not [cell for cell in cells if contains_my_number(cell)]


def test_flags_tell_every_character_or_none() -> None:
    flagged = [pair.card for pair in [*ordinary(), *stressful()]]

    assert any(card.name_flags for card in flagged)
    assert any(card.address_flags for card in flagged)
    assert all(len(card.name_flags) in (0, len(card.name)) for card in flagged)
    assert all(len(card.address_flags) in (0, len(card.address)) for card in flagged)


def test_twins_share_all_but_one_character() -> None:
    crossed = _never("twins") + _never("close_twins")

    assert len(crossed) > 300
    for pair in crossed:
        assert _given(pair.card.name) != _given(pair.row.name)
    plain = [pair for pair in crossed if len(pair.card.name) == len(pair.row.name)]
    assert any(len(_differing(pair)) == 1 for pair in plain)


def test_a_hidden_twin_looks_like_the_other_one() -> None:
    crossed = _never("hidden_twins")

    assert any("〓" in pair.row.name for pair in crossed)
    assert any("〓" in pair.card.name and "1" in pair.card.name_flags for pair in crossed)
    assert any(pair.card.name == pair.row.name and pair.card.name_flags for pair in crossed)


@pytest.mark.parametrize(
    "kind", ["namesakes_building", "namesakes_town", "namesakes_far", "sparse_namesakes"]
)
def test_namesakes_share_name_and_birth_date_but_no_home(kind: str) -> None:
    crossed = _never(kind)

    assert len(crossed) > 20
    plain = [pair for pair in crossed if pair.card.name == pair.row.name]
    assert plain
    assert all(pair.card.address != pair.row.address for pair in crossed)


def test_in_a_former_home_all_agrees_but_another_of_the_name_is_seen() -> None:
    crossed = _never("in_a_former_home")
    same = [pair for pair in crossed if pair.card.address == pair.row.address]

    assert len(same) > 20
    cards, rows = _of_one("in_a_former_home")
    for pair in same:
        assert (pair.card.id, pair.card.name) in cards or (pair.row.id, pair.row.name) in rows


def test_father_and_son_share_name_and_home() -> None:
    crossed = _never("father_and_son")

    assert len(crossed) > 20
    assert all(pair.card.birth_date != pair.row.birth_date for pair in crossed)


def test_many_are_on_one_side_only() -> None:
    for block in blocks(Order(1_000, 1, stress=True)):
        named = {line[0] for line in block.truth if line[2] != "never"}
        of_one = [line for line in block.registrations if line[0] not in named]
        assert len(of_one) > 100


def _shared(counts: Iterable[int]) -> float:
    """Return how likely it is that two of them have one name."""
    found = list(counts)
    return sum(n * (n - 1) for n in found) / (sum(found) * (sum(found) - 1))


def _never(kind: str) -> list[Pair]:
    return [each for each in stressful() if each.label == "never" and kind in each.classes]


def _of_one(kind: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return those who are there on the other side, too."""
    mine = [each for each in stressful() if each.label != "never" and kind in each.classes]
    cards = {(each.card.id, each.card.name) for each in mine}
    return cards, {(each.row.id, each.row.name) for each in mine}


def _given(name: str) -> str:
    return name.replace("　", " ").split(" ")[-1]


def _differing(pair: Pair) -> list[str]:
    return [a + b for a, b in zip(pair.card.name, pair.row.name, strict=True) if a != b]


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

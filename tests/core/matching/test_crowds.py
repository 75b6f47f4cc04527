"""Where too many could be meant, not all are compared; it is told, and nobody of them is linked."""

from dataclasses import replace

import polars as pl
import pytest

from core.matching import Decision, Rule, link, match
from core.matching.candidates import candidates
from core.matching.joins import Joins
from core.matching.sides import prepared
from core.normalise import CURATED
from tests.core.matching.populations import Person, a_registration, an_entitlement

TARO = Person(1, "山田　太郎", "1950-01-02", "1", "中央一丁目２番３号")
PEOPLE = 3_000


def a_side(prefix: str, *, dated: bool, names: int, homes: int) -> pl.DataFrame:
    """Return people of so many names and homes, with the columns of both sides."""
    people = range(PEOPLE)
    return pl.DataFrame(
        {
            "id": [f"{prefix}{n}" for n in people],
            "name": [f"山{chr(0x4E00 + 7 * (n % names))}　太郎" for n in people],
            "birth_date": [f"{1930 + n % 80}-01-02" if dated else "" for n in people],
            "sex": ["1"] * PEOPLE,
            "address": [f"総社市中央{n % homes + 1}-1" for n in people],
        }
    )


@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize(("names", "homes"), [(1, PEOPLE), (10, 300), (PEOPLE, 1), (1, 1)])
def test_a_roster_without_birth_dates_makes_no_more_pairs_than_can_be_held(
    names: int, homes: int, *, dated: bool
) -> None:
    mine = a_side("r", dated=dated, names=names, homes=homes)
    theirs = a_side("e", dated=False, names=names, homes=homes)

    pairs = candidates(
        prepared(mine, CURATED), prepared(theirs, CURATED), CURATED, joins := Joins()
    )

    assert pairs.height <= 20 * PEOPLE
    crowded = [len(side) for side in joins.crowded()]
    assert crowded == ([0, 0] if names == PEOPLE else [PEOPLE, PEOPLE])


def test_who_lives_where_the_row_says_is_still_put_before_a_person() -> None:
    found = link(
        a_side("r", dated=True, names=1, homes=PEOPLE),
        a_side("e", dated=False, names=1, homes=PEOPLE),
    )

    assert found.pairs["rule"].unique().to_list() == [Rule.BIRTH_DATE_UNKNOWN.value]
    pairs = found.pairs.select(pl.col("registration_id", "entitled_id").str.slice(1)).rows()
    assert sorted(pairs) == sorted((str(n), str(n)) for n in range(PEOPLE))
    assert len(found.crowded_registrations) == len(found.crowded_entitled) == PEOPLE


def test_nobody_is_linked_who_was_not_compared_with_every_namesake() -> None:
    """Of the hundred without a birth date one may be the person, and the row another's."""
    cards = [a_registration(TARO)]
    cards += [a_registration(replace(TARO, number=n), birth_date="1960-01-02") for n in range(2, 9)]
    rows = [an_entitlement(TARO)]
    undated = [
        an_entitlement(TARO, id=f"u{n}", birth_date="", address=f"総社市井手{n}")
        for n in range(100)
    ]

    (alone,) = [pair for pair in match(cards, rows) if pair.registration_id == "r1"]
    among = match(cards, rows + undated)

    assert alone.decision is Decision.ACCEPTED
    assert {pair.decision for pair in among} == {Decision.TO_REVIEW}
    assert ("r1", "e1", Rule.CONFLICTING) in {
        (pair.registration_id, pair.entitled_id, pair.rule) for pair in among
    }

"""Compares the addresses of pairs: one home, near it, elsewhere, or not told well enough."""

from enum import IntEnum

import polars as pl

from core.matching.likeness import Likeness
from core.normalise import Variants, read_address, same_building
from core.normalise.characters import fits_card, is_placeholder

COLUMNS = (
    "prefecture", "city", "town", "number", "building", "numbered", "block", "address",
    "address_flags", "address_wild",
)  # fmt: skip
"""What both sides must have."""

_MASK = "\ufffd"


class Home(IntEnum):
    """How two addresses agree."""

    ELSEWHERE = 0
    """Both are whole, and different."""
    UNSURE = 1
    """One has no number of a block, or is not told."""
    NEAR = 2
    """One number, in a town of which one side tells a section more."""
    WILD = 3
    """One block where both are known: a character is a substitute."""
    OTHER_BUILDING = 4
    """One block, another building or room."""
    SAME = 5


def with_home(pairs: pl.DataFrame, variants: Variants) -> pl.DataFrame:
    """Add `home`, `without_building` and `address_substituted` to pairs with both sides."""
    found = pairs.with_columns(one_place=_one_place()).with_columns(
        home=pl.when(~pl.col("numbered") | ~pl.col("numbered_e"))
        .then(Home.UNSURE)
        .when(~pl.col("one_place"))
        .then(Home.ELSEWHERE)
        .when(pl.col("block") == pl.col("block_e"))
        .then(Home.SAME)
        .when((pl.col("number") == pl.col("number_e")) & _one_town())
        .then(Home.NEAR)
        .otherwise(Home.ELSEWHERE)
        .cast(pl.Int8),
        without_building=(pl.col("building") == "") != (pl.col("building_e") == ""),
        address_substituted=pl.lit(value=False),
    )
    same = pl.col("home") == Home.SAME
    apart = same & (pl.col("building") != pl.col("building_e")) & ~pl.col("without_building")
    wild = pl.col("address_wild") | pl.col("address_wild_e")
    found = found.with_columns(unlike=apart, unclear=wild)
    parts = [found.filter(~pl.col("unlike") & ~pl.col("unclear"))]
    parts.append(_with_buildings(found.filter(pl.col("unlike") & ~pl.col("unclear"))))
    parts.append(_with_substitutes(found.filter("unclear"), variants))
    return pl.concat(parts).drop("unlike", "unclear", "one_place")


def _one_place() -> pl.Expr:
    """Whether prefecture and city agree, as far as both are told."""
    mine, theirs = pl.col("prefecture"), pl.col("prefecture_e")
    city, other = pl.col("city"), pl.col("city_e")
    return ((mine == theirs) | (mine == "") | (theirs == "")) & (
        (city == other) | city.str.ends_with(other) | other.str.ends_with(city)
    )


def _one_town() -> pl.Expr:
    town, other = pl.col("town"), pl.col("town_e")
    return town.str.contains(other, literal=True) | other.str.contains(town, literal=True)


def _with_buildings(pairs: pl.DataFrame) -> pl.DataFrame:
    home = [
        Home.SAME if same_building(one, other) else Home.OTHER_BUILDING
        for one, other in pairs.select("building", "building_e").iter_rows()
    ]
    same = pl.Series(home, dtype=pl.Int8)
    return pairs.with_columns(home=same, without_building=same == Home.SAME)


def _with_substitutes(pairs: pl.DataFrame, variants: Variants) -> pl.DataFrame:
    told = pairs.select("address", "address_flags", "address_e", "home", "one_place")
    found = [
        _substituted(address, flags, other, home, variants) if one_place else (Home(home), False)
        for address, flags, other, home, one_place in told.iter_rows()
    ]
    return pairs.with_columns(
        home=pl.Series([int(home) for home, _ in found], dtype=pl.Int8),
        address_substituted=pl.Series([like for _, like in found], dtype=pl.Boolean),
    )


def _substituted(
    address: str, flags: str, other: str, home: int, variants: Variants
) -> tuple[Home, bool]:
    """Compare two addresses of which one has substitutes; tell too whether one was needed."""
    mine, theirs = read_address(address, variants), read_address(other, variants)
    if len(flags) not in (0, len(address)):
        return (Home.WILD if home == Home.SAME else Home(home)), True
    block = mine.town + mine.number
    like = _of_blocks(block, _masked(address, flags, variants), theirs.town + theirs.number)
    if like is Likeness.NONE or not (mine.numbered and theirs.numbered):
        return Home(home), False
    if not same_building(mine.building, theirs.building):
        return Home.OTHER_BUILDING, True
    if like is Likeness.EQUAL:
        return Home(home), False
    return (Home.SAME if like is Likeness.SURE else Home.WILD), True


def _of_blocks(block: str, masked: str, other: str) -> Likeness:
    """Compare blocks of which one has its flagged characters masked.

    Where a mask meets another character, the card must be unable to hold that one.
    """
    if len(block) != len(other) or len(masked) != len(block):
        return Likeness.NONE
    like = Likeness.EQUAL
    for one, mask, theirs in zip(block, masked, other, strict=True):
        unknown = is_placeholder(one) or is_placeholder(theirs)
        if one == theirs and not unknown:
            continue
        flagged = mask == _MASK
        if not unknown and not (flagged and not fits_card(theirs)):
            return Likeness.NONE
        like = min(like, Likeness.SURE if flagged else Likeness.WILD)
    return like


def _masked(address: str, flags: str, variants: Variants) -> str:
    if "1" not in flags:
        one = read_address(address, variants)
    else:
        marked = zip(address, flags, strict=True)
        text = "".join(_MASK if flag == "1" else character for character, flag in marked)
        one = read_address(text, variants)
    return one.town + one.number

"""Finds the pairs that are worth comparing, by equal keys; it misses none that a rule could accept.

Two people are compared if they share the birth date and either the name, the block they live in, a
Latin name, or a name that agrees but for substitutes and missing parts; or if name and block are
equal, and the birth dates differ in a part. Where a birth date is not wholly known, they are if
they share the name, unless too many have it, or the block and a name that agrees as above.
"""

from collections.abc import Iterable

import polars as pl

from core.matching.births import compatible, near
from core.matching.joins import PAIR, Joins
from core.matching.likeness import Likeness, likeness
from core.normalise import Variants

_LATIN = "^[A-Z ]+$"
_LONGEST_FAMILY_NAME = 3
_MOST_UNDATED = 400
"""Pairs of one key without birth dates: twenty of each side. So few tell more than they cost."""


def candidates(
    mine: pl.DataFrame, theirs: pl.DataFrame, variants: Variants, joins: Joins
) -> pl.DataFrame:
    """Return pairs of row numbers `r` and `e`, `like`, and `birth`: same, compatible or near."""
    whole, numbered = pl.col("whole"), pl.col("numbered")
    my_keys, their_keys = _keys(mine), _keys(theirs)
    equal = joins.pairs(my_keys.filter(whole), their_keys.filter(whole), ["born", "key"])
    loose = pl.concat(_by_likeness(joins, mine, theirs)).unique().join(equal, on=PAIR, how="anti")
    dated = pl.concat(
        [
            _liked(equal, mine, theirs, variants, equal=True),
            _liked(loose, mine, theirs, variants, equal=False),
        ]
    ).with_columns(birth=pl.lit("same"))
    named = [joins.pairs(my_keys.filter(numbered), their_keys.filter(numbered), ["key", "block"])]
    named += _undated(joins, my_keys, their_keys)
    by_name = _with_birth(pl.concat(named).unique(), mine, theirs)
    at_home = pl.concat(_undated_at_home(joins, mine, theirs)).unique()
    at_home = _with_birth(at_home.join(by_name, on=PAIR, how="anti"), mine, theirs)
    undated = pl.concat(
        [
            _liked(by_name, mine, theirs, variants, equal=True),
            _liked(at_home, mine, theirs, variants, equal=False),
        ]
    ).join(pl.concat([by_name, at_home]), on=PAIR)
    found = pl.concat([dated, undated]).filter(
        (pl.col("like") > Likeness.NONE) | (pl.col("birth") == "same")
    )
    crowded = [
        pl.col(side).is_in(rows.implode()) for side, rows in zip(PAIR, joins.crowded(), strict=True)
    ]
    return found.with_columns(crowded=crowded[0] | crowded[1])


def _by_likeness(joins: Joins, mine: pl.DataFrame, theirs: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Yield pairs of one birth date whose names may be like each other."""
    mine, theirs = mine.filter("whole"), theirs.filter("whole")
    numbered = pl.col("numbered")
    yield joins.pairs(mine.filter(numbered), theirs.filter(numbered), ["born", "block"])
    latin = pl.col("key").str.contains(_LATIN)
    yield joins.pairs(mine.filter(latin), theirs.filter(latin), ["born"])
    wild = pl.col("wild")
    for one, other in ((mine.filter(wild), theirs), (mine, theirs.filter(wild))):
        yield joins.pairs(one, other, ["born", "length"], _ends_agree())
    short = (pl.col("words") == 1) & (pl.col("length") <= _LONGEST_FAMILY_NAME)
    yield joins.pairs(mine.filter(short), theirs, ["born", "first"], _begins(their=False))
    yield joins.pairs(mine, theirs.filter(short), ["born", "first"], _begins(their=True))


def _undated(
    joins: Joins, my_keys: pl.DataFrame, their_keys: pl.DataFrame
) -> Iterable[pl.DataFrame]:
    """Yield pairs of one name, of which one's birth date is not wholly known."""
    for one, other in _one_unknown(my_keys, their_keys):
        yield joins.pairs(one, other, ["key"], most=_MOST_UNDATED)


def _undated_at_home(
    joins: Joins, mine: pl.DataFrame, theirs: pl.DataFrame
) -> Iterable[pl.DataFrame]:
    """Yield the same of one block, whose names are not equal, and may be like each other."""
    numbered, latin, wild = pl.col("numbered"), pl.col("key").str.contains(_LATIN), pl.col("wild")
    # Who may be like anybody: with a substitute, or without a name.
    vague = wild | (pl.col("words") == 0)
    # A family name alone, of any length.
    alone = (pl.col("words") == 1) & ~wild & ~latin
    for one, other in _one_unknown(mine.filter(numbered), theirs.filter(numbered)):
        for my_kind, their_kind, on, where in (
            (latin, latin, ["block"], None),
            (vague, True, ["block"], None),
            (True, vague, ["block"], None),
            (alone, True, ["block", "first"], _begins(their=False)),
            (True, alone, ["block", "first"], _begins(their=True)),
        ):
            sides = one.filter(my_kind), other.filter(their_kind)
            yield joins.pairs(*sides, on, where, most=_MOST_UNDATED)


def _one_unknown(
    mine: pl.DataFrame, theirs: pl.DataFrame
) -> Iterable[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield both sides with those whose birth date is not wholly known on one of them."""
    unknown = ~pl.col("whole")
    yield mine.filter(unknown), theirs
    yield mine, theirs.filter(unknown)


def _keys(people: pl.DataFrame) -> pl.DataFrame:
    """Return a line for each name of somebody, aliases too."""
    columns = ["row", "born", "block", "whole", "numbered"]
    own = people.select(*columns, "key").filter(pl.col("key") != "")
    others = people.filter(pl.col("others").list.len() > 0).select(*columns, key="others")
    return pl.concat([own, others.explode("key")])


def _ends_agree() -> pl.Expr:
    """Whether the first and the last character agree, or are unknown on a side."""
    first = pl.col("first") == pl.col("first_e")
    last = pl.col("last") == pl.col("last_e")
    return (first | pl.col("first_wild") | pl.col("first_wild_e")) & (
        last | pl.col("last_wild") | pl.col("last_wild_e")
    )


def _begins(*, their: bool) -> pl.Expr:
    """Whether one key begins with the other side's: theirs with mine, or mine with `their` key."""
    mine, theirs = pl.col("key"), pl.col("key_e")
    return mine.str.starts_with(theirs) if their else theirs.str.starts_with(mine)


def _liked(
    pairs: pl.DataFrame,
    mine: pl.DataFrame,
    theirs: pl.DataFrame,
    variants: Variants,
    *,
    equal: bool,
) -> pl.DataFrame:
    """Tell how like the names are; equal keys tell it, unless a character is a substitute."""
    both = pairs.select(PAIR).with_columns(
        unclear=mine["unclear"].gather(pairs["r"]) | theirs["unclear"].gather(pairs["e"])
    )
    plain = both.filter(~pl.col("unclear")) if equal else both.clear()
    doubtful = both.filter("unclear") if equal else both
    names = doubtful.select(
        *PAIR,
        name=mine["name"].gather(doubtful["r"]),
        flags=mine["name_flags"].gather(doubtful["r"]),
        other=theirs["name"].gather(doubtful["e"]),
    )
    different = names.select("name", "flags", "other").unique()
    like = [likeness(*row, variants=variants) for row in different.iter_rows()]
    different = different.with_columns(like=pl.Series(like, dtype=pl.Int8))
    told = names.join(different, on=["name", "flags", "other"]).select(*PAIR, "like")
    return pl.concat([plain.select(*PAIR, like=pl.lit(int(Likeness.EQUAL), dtype=pl.Int8)), told])


def _with_birth(pairs: pl.DataFrame, mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Keep pairs whose birth dates are not one whole day, but may be the same."""
    born = pairs.with_columns(
        one=mine["born"].gather(pairs["r"]),
        other=theirs["born"].gather(pairs["e"]),
        known=mine["whole"].gather(pairs["r"]) & theirs["whole"].gather(pairs["e"]),
    ).filter(~pl.col("known") | (pl.col("one") != pl.col("other")))
    different = born.select("one", "other", "known").unique()
    found = [
        "near"
        if known and near(one, other)
        else "compatible"
        if not known and compatible(one, other)
        else ""
        for one, other, known in different.iter_rows()
    ]
    told = different.with_columns(birth=pl.Series(found, dtype=pl.String))
    born = born.join(told, on=["one", "other", "known"])
    return born.filter(pl.col("birth") != "").select(*PAIR, "birth")

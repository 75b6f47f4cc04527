"""Finds the pairs that are worth comparing, by equal keys; it misses none that a rule could accept.

Two people are compared if they share the birth date and either the name, the block they live in, a
Latin name, or a name that agrees but for substitutes and missing parts; or if name and block are
equal, and the birth dates differ in a part, or are not wholly known.
"""

from collections.abc import Iterable

import polars as pl

from core.matching.births import compatible, near
from core.matching.likeness import Likeness, likeness
from core.normalise import Variants

_PAIR = ("r", "e")
_LATIN = "^[A-Z ]+$"
_LONGEST_FAMILY_NAME = 3


def candidates(mine: pl.DataFrame, theirs: pl.DataFrame, variants: Variants) -> pl.DataFrame:
    """Return pairs of row numbers `r` and `e`, `like` and `birth`: same, compatible or near."""
    whole = pl.col("whole")
    my_keys, their_keys = _keys(mine), _keys(theirs)
    equal = _joined(my_keys.filter(whole), their_keys.filter(whole), ["born", "key"])
    loose = pl.concat(_by_likeness(mine, theirs)).unique().join(equal, on=_PAIR, how="anti")
    dated = pl.concat(
        [
            _liked(equal, mine, theirs, variants, equal=True),
            _liked(loose, mine, theirs, variants, equal=False),
        ]
    ).with_columns(birth=pl.lit("same"))
    same_home = _joined(my_keys.filter("numbered"), their_keys.filter("numbered"), ["key", "block"])
    other = pl.concat([same_home, *_undated(mine, theirs, my_keys, their_keys)]).unique()
    other = _with_birth(other, mine, theirs)
    undated = pl.concat(
        [
            _liked(other.select(_PAIR), mine, theirs, variants, equal=False),
        ]
    ).join(other, on=_PAIR)
    return pl.concat([dated, undated]).filter(
        (pl.col("like") > Likeness.NONE) | (pl.col("birth") == "same")
    )


def _by_likeness(mine: pl.DataFrame, theirs: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """Yield pairs of one birth date whose names may be like each other."""
    mine, theirs = mine.filter("whole"), theirs.filter("whole")
    numbered = pl.col("numbered")
    yield _joined(mine.filter(numbered), theirs.filter(numbered), ["born", "block"])
    latin = pl.col("key").str.contains(_LATIN)
    yield _joined(mine.filter(latin), theirs.filter(latin), ["born"])
    wild = pl.col("wild")
    for one, other in ((mine.filter(wild), theirs), (mine, theirs.filter(wild))):
        yield _joined(one, other, ["born", "length"], _ends_agree())
    short = (pl.col("words") == 1) & (pl.col("length") <= _LONGEST_FAMILY_NAME)
    begins = pl.col("key_e").str.starts_with(pl.col("key"))
    yield _joined(mine.filter(short), theirs, ["born", "first"], begins)
    begins = pl.col("key").str.starts_with(pl.col("key_e"))
    yield _joined(mine, theirs.filter(short), ["born", "first"], begins)


def _undated(
    mine: pl.DataFrame, theirs: pl.DataFrame, my_keys: pl.DataFrame, their_keys: pl.DataFrame
) -> Iterable[pl.DataFrame]:
    """Yield pairs of which one's birth date is not wholly known, with one name or one block."""
    unknown, numbered = ~pl.col("whole"), pl.col("numbered")
    for my_filter, their_filter in ((unknown, pl.lit(True)), (pl.lit(True), unknown)):
        yield _joined(my_keys.filter(my_filter), their_keys.filter(their_filter), ["key"])
        yield _joined(
            mine.filter(my_filter & numbered), theirs.filter(their_filter & numbered), ["block"]
        )


def _keys(people: pl.DataFrame) -> pl.DataFrame:
    """Return a line for each name of somebody, aliases too."""
    columns = ["row", "born", "block", "whole", "numbered"]
    own = people.select(*columns, "key").filter(pl.col("key") != "")
    others = people.filter(pl.col("others").list.len() > 0).select(*columns, key="others")
    return pl.concat([own, others.explode("key")])


def _joined(
    mine: pl.DataFrame, theirs: pl.DataFrame, on: list[str], where: pl.Expr | None = None
) -> pl.DataFrame:
    """Return the pairs that have the columns `on` in common."""
    if mine.is_empty() or theirs.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(_PAIR, pl.UInt32))
    kept = ["row", *on, *(where.meta.root_names() if where is not None else [])]
    kept = list(dict.fromkeys(name.removesuffix("_e") for name in kept))
    hashed = pl.concat_str(on, separator="\n").hash().alias("hash") if len(on) > 1 else None
    sides = [side.select(kept) for side in (mine, theirs)]
    if hashed is not None:
        sides = [side.with_columns(hashed) for side in sides]
        pairs = sides[0].join(sides[1], on="hash", suffix="_e")
        same = [pl.col(one) == pl.col(f"{one}_e") for one in on]
        pairs = pairs.filter(*same)
    else:
        pairs = sides[0].join(sides[1], on=on, suffix="_e")
    if where is not None:
        pairs = pairs.filter(where)
    return pairs.select(r="row", e="row_e").unique()


def _ends_agree() -> pl.Expr:
    """Whether the first and the last character agree, or are unknown on a side."""
    first = pl.col("first") == pl.col("first_e")
    last = pl.col("last") == pl.col("last_e")
    return (first | pl.col("first_wild") | pl.col("first_wild_e")) & (
        last | pl.col("last_wild") | pl.col("last_wild_e")
    )


def _liked(
    pairs: pl.DataFrame,
    mine: pl.DataFrame,
    theirs: pl.DataFrame,
    variants: Variants,
    *,
    equal: bool,
) -> pl.DataFrame:
    """Tell how like the names are; equal keys tell it, unless a character is a substitute."""
    both = pairs.with_columns(
        unclear=mine["unclear"].gather(pairs["r"]) | theirs["unclear"].gather(pairs["e"])
    )
    plain = both.filter(~pl.col("unclear")) if equal else both.clear()
    doubtful = both.filter("unclear") if equal else both
    names = doubtful.select(
        *_PAIR,
        name=mine["name"].gather(doubtful["r"]),
        flags=mine["name_flags"].gather(doubtful["r"]),
        other=theirs["name"].gather(doubtful["e"]),
    )
    different = names.select("name", "flags", "other").unique()
    like = [likeness(*row, variants=variants) for row in different.iter_rows()]
    different = different.with_columns(like=pl.Series(like, dtype=pl.Int8))
    told = names.join(different, on=["name", "flags", "other"]).select(*_PAIR, "like")
    return pl.concat([plain.select(*_PAIR, like=pl.lit(int(Likeness.EQUAL), dtype=pl.Int8)), told])


def _with_birth(pairs: pl.DataFrame, mine: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Keep pairs whose birth dates are not one whole day, but may be the same."""
    born = pairs.with_columns(
        one=mine["born"].gather(pairs["r"]),
        other=theirs["born"].gather(pairs["e"]),
        known=mine["whole"].gather(pairs["r"]) & theirs["whole"].gather(pairs["e"]),
    ).filter(~pl.col("known") | (pl.col("one") != pl.col("other")))
    found = [
        "near"
        if known and near(one, other)
        else "compatible"
        if not known and compatible(one, other)
        else ""
        for one, other, known in born.select("one", "other", "known").iter_rows()
    ]
    return born.select(*_PAIR, birth=pl.Series(found, dtype=pl.String)).filter(
        pl.col("birth") != ""
    )

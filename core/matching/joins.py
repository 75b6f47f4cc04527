"""Joins two sides on equal keys, and leaves out what is too much to compare: never unsaid."""

import polars as pl

PAIR = ("r", "e")
MOST = 10_000
"""Pairs of one key: a hundred of each side. No day and no home of a city has so many."""


class Joins:
    """Finds pairs by equal keys; who has a key that too many have is crowded.

    Somebody crowded was not compared with all whom they could be, so nobody may link them.
    """

    def __init__(self) -> None:
        self._mine: list[pl.Series] = []
        self._theirs: list[pl.Series] = []

    def pairs(
        self,
        mine: pl.DataFrame,
        theirs: pl.DataFrame,
        on: list[str],
        where: pl.Expr | None = None,
        *,
        most: int = MOST,
    ) -> pl.DataFrame:
        """Return the pairs that have the columns `on` in common."""
        if mine.is_empty() or theirs.is_empty():
            return pl.DataFrame(schema=dict.fromkeys(PAIR, pl.UInt32))
        kept = ["row", *on, *(where.meta.root_names() if where is not None else [])]
        kept = list(dict.fromkeys(name.removesuffix("_e") for name in kept))
        hashed = pl.concat_str(on, separator="\n").hash().alias("hash")
        one, other = (side.select(kept).with_columns(hashed) for side in (mine, theirs))
        one, other = self._without_crowds(one, other, most)
        same = [pl.col(name) == pl.col(f"{name}_e") for name in on]
        pairs = one.join(other, on="hash", suffix="_e").filter(*same)
        if where is not None:
            pairs = pairs.filter(where)
        return pairs.select(r="row", e="row_e").unique()

    def crowded(self) -> tuple[pl.Series, pl.Series]:
        """Return the row numbers of those who were not compared with all: mine, and theirs."""
        none = pl.Series(dtype=pl.UInt32)
        mine, theirs = (pl.concat([none, *found]) for found in (self._mine, self._theirs))
        return mine.unique().sort(), theirs.unique().sort()

    def _without_crowds(
        self, mine: pl.DataFrame, theirs: pl.DataFrame, most: int
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        sizes = (
            side.group_by("hash").agg(pl.len().cast(pl.UInt64).alias("size"))
            for side in (mine, theirs)
        )
        both = next(sizes).join(next(sizes), on="hash", suffix="_e")
        crowds = both.filter(pl.col("size") * pl.col("size_e") > most)["hash"]
        if crowds.is_empty():
            return mine, theirs
        is_crowd = pl.col("hash").is_in(crowds.implode())
        self._mine.append(mine.filter(is_crowd)["row"])
        self._theirs.append(theirs.filter(is_crowd)["row"])
        return mine.filter(~is_crowd), theirs.filter(~is_crowd)

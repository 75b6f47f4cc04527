"""Tells namesakes of one birth date apart where everybody of a group has a home of their own."""

import polars as pl

from core.matching.homes import Home


def paired_off(facts: pl.DataFrame) -> pl.DataFrame:
    """Return `r` and `e` of pairs who agree, in groups that pair off wholly.

    A group is all registrations and all rows which could be meant for one another, one by way of
    another. It pairs off if each of one side could be each of the other, each agrees in full with
    one, and all others live clearly elsewhere; so nobody is left over. None of its pairs was before
    a person already, who may have refused one.
    """
    group = facts.filter(pl.col("could_be") & (pl.col("rivals") > 0)).select(
        "r", "e", "known", own=_in_full(), elsewhere=_clearly_elsewhere()
    )
    group = group.with_columns(
        rows=pl.len().over("r"),
        registrations=pl.len().over("e"),
        # Where each could be each, the first row is everybody's first.
        first=pl.col("e").min().over("r"),
        owned=(pl.col("own").sum().over("r") == 1) & (pl.col("own").sum().over("e") == 1),
    )
    each_with_each = (
        (pl.col("rows") == pl.col("registrations"))
        & (pl.col("rows").n_unique().over("e") == 1)
        & (pl.col("first").n_unique().over("e") == 1)
    )
    clear = pl.col("owned") & (pl.col("own") != pl.col("elsewhere"))
    fits = each_with_each & clear & ~pl.col("known")
    whole = group.with_columns(fits=fits.all().over("first"))
    return whole.filter("fits", "own").select("r", "e")


def _in_full() -> pl.Expr:
    """Whether they agree, and both tell all there is of one home, as far as either does."""
    told = (pl.col("prefecture") != "") & (pl.col("city") != "")
    parts = [pl.col(name) == pl.col(f"{name}_e") for name in ("prefecture", "city", "building")]
    clear = ~pl.col("address_wild") & ~pl.col("address_wild_e")
    return pl.all_horizontal(pl.col("agrees"), pl.col("free"), told, *parts, clear)


def _clearly_elsewhere() -> pl.Expr:
    """Whether town or number differ; 1-2 is no other number than 1-2-3, of which it tells less."""
    one, other = pl.col("number") + "-", pl.col("number_e") + "-"
    less = one.str.starts_with(other) | other.str.starts_with(one)
    other_town = (pl.col("town") != pl.col("town_e")) | (pl.col("city") != pl.col("city_e"))
    return (pl.col("home") == Home.ELSEWHERE) & (other_town | ~less)

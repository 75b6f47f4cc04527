"""Brings a side's columns into the forms that are compared.

What most of a million people have is done on whole columns; what is unusual goes through the rules
of `core.normalise`, each different text once. Both give the same (a test holds them to it).
"""

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from core.normalise import Name, Variants, read_name
from core.normalise.addresses import HEAD, read_head, read_tail, tidy
from core.normalise.characters import KANA

# Names of kanji and kana only; addresses that need no more than NFKC.
_PLAIN_NAME = r"^[\p{Han}ぁ-ゖァ-ヺー \x{3000}]*$"
_PLAIN_ADDRESS = r"^[\p{Han}ぁ-ゖァ-ヺー0-9０-９\-－−A-Za-zＡ-Ｚａ-ｚ \x{3000}]*$"
_COMPATIBILITY = r"[\x{2e80}-\x{2fdf}\x{f900}-\x{faff}\x{2f800}-\x{2fa1f}〸-〺]"
_PLACEHOLDERS = r"[〓□■●○◎◆◇?*＿_\x{fffd}？＊\p{Co}]"
_MANY_WORDS = "^[A-Z]+ [A-Z]+ [A-Z ]+$"
_BIRTH = r"^([0-9]{4})-([0-9]{2})-([0-9]{2})$"

_HEAD_PARTS = ("prefecture", "city", "town", "begun")
_TAIL_PARTS = ("number", "building", "has_lot")


def prepared(people: pl.DataFrame, variants: Variants) -> pl.DataFrame:
    """Return a side with its row number `row`, and what is compared."""
    found = _with_flags(people).with_row_index("row")
    found = found.with_columns(
        wild=_has_wild("name"),
        address_wild=_has_wild("address"),
        **_birth_parts(),
    )
    found = found.with_columns(
        born=pl.col("year") * 10000 + pl.col("month") * 100 + pl.col("day"), whole=_is_day()
    )
    found = pl.concat(
        [found, names(found["name"], variants), addresses(found["address"], variants)],
        how="horizontal",
    )
    return found.with_columns(
        # A bar, or 1条 and 23 would be 1条2 and 3.
        block=pl.col("town") + "|" + pl.col("number"),
        length=pl.col("key").str.len_chars(),
        # Where equal keys do not tell that two names agree.
        unclear=pl.col("wild") | pl.col("key").str.contains(_MANY_WORDS),
        **_end("first", 0, "^1"),
        **_end("last", -1, "1$"),
    )


def _with_flags(people: pl.DataFrame) -> pl.DataFrame:
    """Add what a roster has not."""
    missing = {"name_flags": "", "address_flags": "", "suppressed": False}
    return people.with_columns(
        pl.lit(value).alias(name) for name, value in missing.items() if name not in people.columns
    ).with_columns(pl.col(pl.String).fill_null(""))


def _has_wild(name: str) -> pl.Expr:
    """Whether a character stands for another one, or may."""
    return pl.col(name).str.contains(_PLACEHOLDERS) | pl.col(f"{name}_flags").str.contains(
        "1", literal=True
    )


def _end(name: str, place: int, flag: str) -> dict[str, pl.Expr]:
    character = pl.col("key").str.slice(place, 1)
    unknown = character.str.contains(_PLACEHOLDERS) | pl.col("name_flags").str.contains(flag)
    return {name: character, f"{name}_wild": unknown}


def _birth_parts() -> dict[str, pl.Expr]:
    parts = pl.col("birth_date").str.extract_groups(_BIRTH)
    return {
        name: parts.struct.field(str(number)).cast(pl.Int32).fill_null(0)
        for number, name in enumerate(("year", "month", "day"), start=1)
    }


def _is_day() -> pl.Expr:
    # Year 0 would be a day to a calendar, and is what nobody knows.
    day = pl.col("birth_date").str.to_date("%Y-%m-%d", strict=False)
    return day.is_not_null() & (pl.col("year") > 0)


def names(column: pl.Series, variants: Variants) -> pl.DataFrame:
    """Return the forms of names: written, key, others, words."""
    table = {**variants.table, **KANA}
    raw = pl.col("name")
    frame = column.rename("name").to_frame()
    plain = raw.str.contains(_PLAIN_NAME) & ~raw.str.contains(_COMPATIBILITY)
    written = raw.str.replace_all(r"[ \x{3000}]+", "")
    fast = frame.with_columns(plain=plain).with_columns(
        written=written,
        key=written.str.replace_many(list(table), list(table.values())),
        words=raw.str.strip_chars(" \u3000").str.count_matches(r"[ \x{3000}]+").cast(pl.Int64)
        + (written != ""),
    )
    unusual = _each(
        fast.filter(~pl.col("plain"))["name"],
        lambda name: _forms(read_name(name, variants)),
        {"written": pl.String, "key": pl.String, "others": pl.List(pl.String), "words": pl.Int64},
    )
    return _patched(fast, unusual, "name", ("written", "key", "words")).select(
        "written", "key", "words", "others"
    )


def _forms(name: Name) -> tuple[str, str, list[str], int]:
    return name.written, name.key, list(name.others), name.words


def addresses(column: pl.Series, variants: Variants) -> pl.DataFrame:
    """Return the parts of addresses: prefecture, city, town, number, building, numbered."""
    raw = pl.col("address")
    frame = (
        column.rename("address")
        .to_frame()
        .with_columns(plain=raw.str.contains(_PLAIN_ADDRESS) & ~raw.str.contains(_COMPATIBILITY))
    )
    tidied = raw.str.normalize("NFKC").str.replace_all(" +", " ").str.strip_chars(" ")
    unusual = _each(
        frame.filter(~pl.col("plain"))["address"], lambda one: (tidy(one),), {"tidied": pl.String}
    )
    frame = _patched(frame.with_columns(tidied=tidied), unusual, "address", ("tidied",))
    parted = pl.col("tidied").str.extract_groups(HEAD)
    frame = frame.select(
        head=parted.struct.field("1").fill_null(""), rest=parted.struct.field("2").fill_null("")
    )
    heads = _each(
        frame["head"], lambda head: read_head(head, variants), dict.fromkeys(_HEAD_PARTS, pl.String)
    )
    frame = frame.join(heads, on="head", how="left", maintain_order="left")
    frame = frame.with_columns(tail=pl.col("begun") + pl.col("rest"))
    tails = _each(
        frame["tail"],
        lambda tail: read_tail(tail, variants),
        dict(zip(_TAIL_PARTS, (pl.String, pl.String, pl.Boolean), strict=True)),
    )
    frame = frame.join(tails, on="tail", how="left", maintain_order="left")
    has_name = (pl.col("town") != "") | (pl.col("city") != "")
    return frame.select(
        "prefecture", "city", "town", "number", "building", numbered=pl.col("has_lot") & has_name
    )


def _each(
    column: pl.Series, read: Callable[[str], Iterable[Any]], schema: dict[str, Any]
) -> pl.DataFrame:
    """Return what a rule makes of each different text."""
    different = column.unique()
    rows = [tuple(read(text)) for text in different.to_list()]
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.insert_column(0, different.alias(column.name))


def _patched(
    frame: pl.DataFrame, unusual: pl.DataFrame, on: str, columns: tuple[str, ...]
) -> pl.DataFrame:
    """Take the rule's result where a text is not plain."""
    joined = frame.join(unusual, on=on, how="left", suffix="_ruled", maintain_order="left")
    return joined.with_columns(
        pl.when("plain").then(pl.col(name)).otherwise(pl.col(f"{name}_ruled")).alias(name)
        for name in columns
    )

"""Both files as frames, with birth dates in one form: what joining needs, and nothing else."""

from pathlib import Path

import polars as pl

_WIDE = {chr(ord(digit) + 0xFEE0): digit for digit in "0123456789"}
# The year before each era's first.
_ERAS = {"令": 2018, "平": 1988, "昭": 1925, "大": 1911, "明": 1867}
_ERAS |= {"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}


def registrations(path: Path) -> pl.LazyFrame:
    return pl.scan_csv(path, infer_schema=False)


def roster(path: Path) -> pl.LazyFrame:
    """Read the roster; a birth date that is not whole stays as it is written."""
    return pl.scan_csv(path, infer_schema=False).with_columns(birth_date=_iso())


def _iso() -> pl.Expr:
    text = pl.col("birth_date").str.replace_many(_WIDE).str.replace("元", "1", literal=True)
    parts = text.str.extract_groups(r"^(\D*?)(\d{1,4}?)\D?(\d{1,2})\D?(\d{2}|\d{1,2})\D?$")
    era = parts.struct[0].str.head(1).replace_strict(_ERAS, default=0, return_dtype=pl.Int32)
    year, month, day = (parts.struct[n].cast(pl.Int32, strict=False) for n in (1, 2, 3))
    iso = pl.format(
        "{}-{}-{}",
        (year + era).cast(pl.String),
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
    )
    return pl.when(month.is_not_null() & (month > 0)).then(iso).otherwise(text)

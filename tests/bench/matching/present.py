"""Files through the engine, as `todoke match` does it; run as a process of its own."""

import argparse
from pathlib import Path

import polars as pl

from core import matching
from core.rosters import values


def read_registrations(path: Path) -> pl.DataFrame:
    read = pl.read_csv(path, infer_schema=False, empty_string_is_null=False)
    names = ("name", "birth_date", "sex", "address", "name_flags", "address_flags")
    return read.select(pl.col("registration_id").alias("id"), *names)


def read_roster(path: Path) -> pl.DataFrame:
    read = pl.read_csv(path, infer_schema=False, empty_string_is_null=False)
    return read.select(
        pl.col("addressee_number").alias("id"),
        pl.col("name_kanji").alias("name"),
        pl.col("name_kana").alias("kana"),
        pl.col("birth_date").map_elements(_date, return_dtype=pl.String),
        pl.col("sex").replace_strict({"男": "1", "女": "2", "1": "1", "2": "2", "": ""}),
        "address",
    )


def _date(text: str) -> str:
    try:
        return values.birth_date(text).isoformat()
    except ValueError:
        return ""


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("--registrations", "--roster", "--out"):
        parser.add_argument(name, type=Path, required=True)
    given = parser.parse_args()
    links = matching.link(read_registrations(given.registrations), read_roster(given.roster))
    decision = pl.col("decision").replace_strict({"accepted": "accept", "to_review": "review"})
    links.select(
        "registration_id",
        pl.col("entitled_id").alias("addressee_number"),
        decision,
        pl.col("match_class").alias("class"),
        "rule",
    ).write_csv(given.out)


if __name__ == "__main__":
    main()

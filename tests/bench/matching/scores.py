"""What the links of a set are worth, by its truth."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.bench.matching.sets import Set

PAIR = ["registration_id", "addressee_number"]


@dataclass(frozen=True)
class ByClass:
    """What became of the pairs of one class of corruption and one label."""

    name: str
    label: str
    pairs: int
    accepted: int
    reviewed: int

    @property
    def missed(self) -> int:
        return self.pairs - self.accepted - self.reviewed


@dataclass(frozen=True)
class Score:
    """`false` are accepted links of two people, `doubled` those of someone linked already."""

    registrations: int
    rows: int
    accepted: int
    false: int
    doubled: int
    must_accept: int
    recalled: int
    reviews: int
    reviewed_true: int
    classes: list[ByClass]

    @property
    def recall(self) -> float:
        return self.recalled / self.must_accept if self.must_accept else 1.0


def score(given: Set, links: Path) -> Score:
    truth, found = _read(given.truth), _read(links)
    accepted = found.filter(pl.col("decision") == "accept")
    reviews = found.filter(pl.col("decision") == "review")
    true = truth.filter(pl.col("label") != "never")
    must = true.filter(pl.col("label") == "must_accept")
    doubled = sum(len(accepted) - accepted[side].n_unique() for side in PAIR)
    return Score(
        registrations=_rows(given.registrations),
        rows=_rows(given.roster),
        accepted=len(accepted),
        false=len(accepted.join(true, on=PAIR, how="anti")),
        doubled=doubled,
        must_accept=len(must),
        recalled=len(must.join(accepted, on=PAIR, how="semi")),
        reviews=len(reviews),
        reviewed_true=len(reviews.join(true, on=PAIR, how="semi")),
        classes=_by_class(true, found),
    )


def wrong(given: Set, links: Path) -> pl.DataFrame:
    """Return the false links, and the pairs that must be accepted and are not, as written."""
    truth, found = _read(given.truth), _read(links)
    told = truth.join(found, on=PAIR, how="full", coalesce=True).fill_null("")
    accepted, must = pl.col("decision") == "accept", pl.col("label") == "must_accept"
    false = accepted & ~pl.col("label").is_in(["must_accept", "may_review"])
    left = _read(given.registrations).select("registration_id", "name", "birth_date", "address")
    right = _read(given.roster).select(
        "addressee_number", "name_kanji", pl.col("birth_date").alias("on_roster"),
        pl.col("address").alias("address_on_roster"), "sex",
    )  # fmt: skip
    wanted = told.filter(false | (must & ~accepted))
    return wanted.join(left, on="registration_id").join(right, on="addressee_number")


def _by_class(true: pl.DataFrame, found: pl.DataFrame) -> list[ByClass]:
    decided = true.join(found.select(*PAIR, "decision"), on=PAIR, how="left")
    plain = pl.col("corruptions").replace("", "none")
    counted = (
        decided.with_columns(plain.str.split(";"))
        .explode("corruptions")
        .group_by("corruptions", "label")
        .agg(
            pl.len(),
            (pl.col("decision") == "accept").sum().alias("accepted"),
            (pl.col("decision") == "review").sum().alias("reviewed"),
        )
        .sort("label", "corruptions", descending=[True, False])
    )
    return [ByClass(*row) for row in counted.iter_rows()]


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, empty_string_is_null=False)


def _rows(path: Path) -> int:
    counted: int = pl.scan_csv(path).select(pl.len()).collect().item()
    return counted

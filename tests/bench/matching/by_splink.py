"""Splink on both files, set up with some care; run as a process of its own.

Its threshold is the one that suits the truth best, which nobody has in earnest.
"""

import logging
import sys
from pathlib import Path

import duckdb
import polars as pl
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.bench.matching import frames

PAIR = ["registration_id", "addressee_number"]
SEXES = {"男": "1", "女": "2", "1": "1", "2": "2"}
LEAST = 0.01


def prepared(read: pl.LazyFrame, number: str, name: str) -> pl.DataFrame:
    """Give both sides one form: NFKC, no spaces, no prefecture, hyphens between numbers."""
    text = pl.col(name, "address").str.normalize("NFKC").str.replace_all(r"\s", "")
    return (
        read.with_columns(text)
        .select(
            pl.col(number).alias("unique_id"),
            pl.col(name).str.to_uppercase().alias("name"),
            pl.col("address")
            .str.replace("^.{2,3}県", "")
            .str.replace_all(r"(\d)(?:丁目|番地の?|番|号|の)(\d)", "$1-$2")
            .str.replace_all(r"(\d)(?:丁目|番地の?|番|号|の)(\d)", "$1-$2")
            .str.replace_all(r"(\d)(?:番地|番|号)", "$1"),
            "birth_date",
            pl.col("sex").replace_strict(SEXES, default=None),
        )
        .collect()
    )


def settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.LevenshteinAtThresholds("name", [1, 2]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
            cl.LevenshteinAtThresholds("address", [1, 4, 8]),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("birth_date"),
            block_on("name", "address"),
        ],
        retain_matching_columns=False,
    )


def predictions(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    connection = duckdb.connect()
    database = DuckDBAPI(connection)
    sides = [
        database.register(left.to_arrow(), dataset_display_name="a"),
        database.register(right.to_arrow(), dataset_display_name="b"),
    ]
    linker = Linker(sides, settings(), log_level=logging.ERROR)
    training = linker.training
    same = [block_on("name", "birth_date")]
    training.estimate_probability_two_random_records_match(same, recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(
        block_on("birth_date"), record_sample_proportion=1
    )
    training.estimate_parameters_using_expectation_maximisation(block_on("name"), max_pairs=5e6)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    columns = "unique_id_l, unique_id_r, match_probability"
    pairs = connection.sql(f"select {columns} from {found.physical_name}").pl()
    return pairs.rename({"unique_id_l": PAIR[0], "unique_id_r": PAIR[1]})


def best_threshold(found: pl.DataFrame, truth: Path) -> tuple[float, float]:
    """Return the probability from which accepting gives the best F1, and that F1."""
    true = pl.read_csv(truth, infer_schema=False).filter(pl.col("label") != "never")
    marked = found.join(true.select(*PAIR, right=True), on=PAIR, how="left")
    falling = marked.sort("match_probability", descending=True).select(
        "match_probability",
        right=pl.col("right").fill_null(value=False).cast(pl.Int64).cum_sum(),
        taken=pl.int_range(1, pl.len() + 1),
    )
    scored = falling.with_columns(f1=2 * pl.col("right") / (pl.col("taken") + len(true)))
    best = scored.sort("f1", descending=True).row(0, named=True)
    return best["match_probability"], best["f1"]


def main() -> None:
    registrations, roster, truth, links = (Path(name) for name in sys.argv[1:])
    left = prepared(frames.registrations(registrations), "registration_id", "name")
    right = prepared(frames.roster(roster), "addressee_number", "name_kanji")
    found = predictions(left, right)
    threshold, f1 = best_threshold(found, truth)
    accept = found.filter(pl.col("match_probability") >= threshold)
    accept.select(*PAIR, decision=pl.lit("accept")).write_csv(links)
    print(f"{f1:.4f} {threshold:.4f}")


if __name__ == "__main__":
    main()

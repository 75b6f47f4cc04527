"""Links two sides that were read from files, by the engine that the core uses, too."""

import polars as pl

from core.kit.columns import Side
from core.kit.progress import Step
from core.matching import NO_LINKS, Decision, Rule, link

REGISTRATION = (
    "id",
    "name",
    "name_flags",
    "birth_date",
    "sex",
    "address",
    "address_flags",
    "suppressed",
)
ROSTER = ("id", "name", "kana", "birth_date", "sex", "address")
LINKS = ("registration_id", "addressee_number", "decision", "class", "rule")
ACCEPT, REVIEW = "accept", "review"


def linked(registrations: Side, roster: Side, step: Step) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pairs, in order, and who is crowded: of which side, and the id.

    Who is under protection on the roster is for a person, too.
    """
    linking = link(
        registrations.rows.select(REGISTRATION), roster.rows.select(ROSTER), NO_LINKS, step
    )
    found = linking.pairs
    protected = roster.rows.filter("suppressed")["id"]
    accepted = pl.col("decision") == Decision.ACCEPTED.value
    if not protected.is_empty():
        stopped = accepted & pl.col("entitled_id").is_in(protected.implode())
        found = found.with_columns(
            decision=pl.when(stopped).then(pl.lit(REVIEW)).otherwise("decision"),
            rule=pl.when(stopped).then(pl.lit(Rule.RESIDENT_SUPPRESSED.value)).otherwise("rule"),
        )
    pairs = found.select(
        "registration_id",
        pl.col("entitled_id").alias("addressee_number"),
        pl.when(accepted).then(pl.lit(ACCEPT)).otherwise(pl.lit(REVIEW)).alias("decision"),
        pl.col("match_class").alias("class"),
        "rule",
    ).sort("registration_id", "addressee_number")
    crowds = (
        ("registrations", linking.crowded_registrations),
        ("roster", linking.crowded_entitled),
    )
    crowded = [
        ids.to_frame("id").insert_column(0, pl.lit(side).alias("side")) for side, ids in crowds
    ]
    return pairs, pl.concat(crowded)

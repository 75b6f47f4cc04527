"""The engine's door for frames: what a file or a database has, whole columns at once."""

from collections.abc import Callable
from typing import Any

import polars as pl

from core.matching.engine import match
from core.matching.pairs import NO_LINKS, Links
from core.matching.people import Entitled, Registration

Progress = Callable[[str, float], None]

RESULT = ("registration_id", "entitled_id", "match_class", "decision", "rule")


def link(
    registrations: pl.DataFrame,
    roster: pl.DataFrame,
    known: Links = NO_LINKS,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return the new pairs, by entitlement and registration id.

    `progress` is told what is done now, and how much of the whole is behind.
    """
    if progress:
        progress("compare", 0.0)
    rows: dict[str, Any]
    pairs = match(
        [Registration(**rows) for rows in registrations.iter_rows(named=True)],
        [Entitled(**rows) for rows in roster.drop("kana").iter_rows(named=True)],
        known,
    )
    found = [(p.registration_id, p.entitled_id, p.match_class, p.decision, p.rule) for p in pairs]
    return pl.DataFrame(found, schema=dict.fromkeys(RESULT, pl.String), orient="row")

"""The list of pairs that a person decides, and what the person wrote into it.

People open it in a spreadsheet, which drops zeros and turns dates around. So nothing is read back
from it but the pair's own code, the decision and the reason.
"""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.errors import BadRequest
from core.kit.columns import Side
from core.kit.linking import REVIEW
from core.kit.wording import named
from core.rosters.values import plain
from core.sealing.refusals import SealBroken
from core.sealing.sheets import lines_of

ACCEPT, REFUSE = "accept", "refuse"
COLUMNS = (
    "pair",
    "class",
    "rule",
    "registration_id",
    "addressee_number",
    "name",
    "name_roster",
    "kana_roster",
    "birth_date",
    "birth_date_roster",
    "sex",
    "sex_roster",
    "address",
    "address_roster",
    "decision",
    "reason",
)
_MINE = ("name", "birth_date", "sex", "address")
# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


class ReviewBroken(BadRequest):
    """The list of pairs to review cannot be used as it is; metadata hold the `pairs`."""

    reason = "MATCH_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided of a pair: ACCEPT, REFUSE, or empty where nobody has."""

    decision: str
    reason: str


UNDECIDED = Verdict("", "")


def coded(links: pl.DataFrame) -> pl.DataFrame:
    """Return links with a code for each pair, which stays the same from one run to the next."""
    ids = links.select("registration_id", "addressee_number").iter_rows()
    codes = [hashlib.sha256(f"{one}|{other}".encode()).hexdigest() for one, other in ids]
    return links.with_columns(pl.Series("pair", [f"P-{code[:12]}" for code in codes], pl.String()))


def write(path: Path, pairs: pl.DataFrame, registrations: Side, roster: Side) -> None:
    """Write the pairs to be decided with both sides of each; what was decided before stays."""
    decided = read(path) if path.exists() else {}
    mine = registrations.rows.select("id", *_MINE)
    theirs = roster.rows.select("id", "kana", *_MINE)
    theirs = theirs.rename({one: f"{one}_roster" for one in ("kana", *_MINE)})
    both = (
        pairs.filter(pl.col("decision") == REVIEW)
        .join(mine, left_on="registration_id", right_on="id", how="left")
        .join(theirs, left_on="addressee_number", right_on="id", how="left")
        .sort("rule", "registration_id", "addressee_number")
    )
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in both.iter_rows(named=True):
            verdict = decided.get(row["pair"], UNDECIDED)
            cells = {
                **row,
                "class": named("ja", "classes", row["class"]),
                "rule": named("ja", "rules", row["rule"]),
                "decision": verdict.decision,
                "reason": verdict.reason,
            }
            writer.writerow({name: _harmless(cells[name]) for name in COLUMNS})
    part.replace(path)


def read(path: Path) -> dict[str, Verdict]:
    """Return what was decided of each pair in the list, by the pair's code.

    Raises `ReviewBroken` for a decision that is none, and `SealBroken` for what is no table.
    """
    with path.open("rb") as file:
        lines = lines_of(file)
        header = next(lines, [])
        if not {"pair", "decision"} <= set(header):
            raise SealBroken("NOT_A_SHEET", f"{path.name} has no columns pair and decision")
        verdicts: dict[str, Verdict] = {}
        for line in lines:
            cells = dict(zip(header, line, strict=False))
            decision = plain(cells.get("decision", "")).lower()
            if decision not in {ACCEPT, REFUSE, ""}:
                raise ReviewBroken(
                    f"{cells['pair']}: the decision must be {ACCEPT} or {REFUSE}",
                    pairs=cells["pair"],
                )
            verdicts[cells["pair"]] = Verdict(decision, cells.get("reason", ""))
    return verdicts


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

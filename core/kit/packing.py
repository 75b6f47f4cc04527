"""`todoke pack`: makes the answer to an export, by two people, of what was matched and decided."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from core.errors import BadRequest, NotNow
from core.kit import crossings, review
from core.kit.crossings import Crossing
from core.kit.linking import ACCEPT, REVIEW
from core.kit.review import REFUSE, UNDECIDED
from core.kit.sealed import PAIRS, REVIEW_FILE, header_of
from core.sealing.keys import CityKey
from core.sealing.links import Answer, Link, Links, read_links, same_person, write_links

CROSSINGS = "crossings.csv"
_SHOWN = 10


class SameNames(BadRequest):
    """Who lets a file out and who approves it must be two people."""

    reason = "SAME_PERSON"


class Undecided(NotNow):
    """Pairs wait for a person; metadata hold how many: `count`."""

    reason = "WRONG_STATE"


class LinkedTwice(BadRequest):
    """A registration or a row of the roster is linked twice; metadata hold the `pairs`."""

    reason = "MATCH_CONFLICTS"


def pack(
    work: Path,
    out: Path,
    keys: Sequence[CityKey],
    *,
    operator: str,
    approver: str,
    leave_undecided: bool,
    now: datetime,
) -> Links:
    """Write the answer and a line in the log of crossings; return what the answer holds.

    Raises `SameNames`, `Undecided`, `LinkedTwice`, `ReviewBroken` and `SealBroken`.
    """
    if same_person(operator, approver):
        raise SameNames("operator and approver must be two people, each with a name")
    export = header_of(work, keys)
    links = _links(work, leave_undecided=leave_undecided)
    answer = Answer(
        export_id=export.export_id,
        municipality=export.municipality,
        program_id=export.program_id,
        create_time=now.isoformat(timespec="seconds"),
        operator=operator,
        approver=approver,
    )
    part = out.with_name(out.name + ".part")
    with part.open("wb") as file:
        write_links(file, answer, links, export.secret)
    with part.open("rb") as file:
        found = read_links(file, export_id=export.export_id, secret=export.secret)
    part.replace(out)
    crossing = Crossing(
        time=answer.create_time,
        operator=operator,
        approver=approver,
        direction=crossings.OUT,
        file=out.name,
        count=found.count,
        hash=found.hash,
    )
    crossings.append(work / CROSSINGS, crossing)
    return found


def _links(work: Path, *, leave_undecided: bool) -> list[Link]:
    pairs = pl.read_ipc(work / PAIRS)
    decided = review.read(work / REVIEW_FILE)
    unknown = decided.keys() - set(pairs.filter(pl.col("decision") == REVIEW)["pair"])
    if unknown:
        shown = ", ".join(sorted(unknown)[:_SHOWN])
        raise review.ReviewBroken(f"no pair to review is {shown}: match again", pairs=shown)
    verdicts = [
        decision if decision == ACCEPT else decided.get(pair, UNDECIDED).decision
        for pair, decision in pairs.select("pair", "decision").iter_rows()
    ]
    judged = pairs.with_columns(pl.Series("verdict", verdicts, pl.String()))
    open_pairs = judged.filter(~pl.col("verdict").is_in([ACCEPT, REFUSE])).height
    if open_pairs and not leave_undecided:
        raise Undecided(
            f"{open_pairs} pairs are not decided: fill in {REVIEW_FILE}, or say --leave-undecided",
            count=str(open_pairs),
        )
    accepted = judged.filter(pl.col("verdict") == ACCEPT)
    twice = accepted.filter(
        pl.col("registration_id").is_duplicated() | pl.col("addressee_number").is_duplicated()
    )
    if not twice.is_empty():
        shown = ", ".join(twice["pair"].head(_SHOWN))
        raise LinkedTwice(
            f"a registration or a row of the roster is linked twice: {shown}", pairs=shown
        )
    columns = ("registration_id", "addressee_number", "amount", "account", "class", "rule")
    return [Link(*row) for row in accepted.select(columns).iter_rows()]

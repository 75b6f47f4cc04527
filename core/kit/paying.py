"""`todoke seal decisions`: opens decisions in the closed network, for whoever pays there."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.errors import AlreadyThere, BadRequest
from core.kit import crossings
from core.kit.crossings import Crossing
from core.sealing.decisions import COLUMNS, Parcel, open_decisions
from core.sealing.keys import CityKey
from core.sealing.links import same_person


class SameNames(BadRequest):
    """Who takes a file in and who approves it must be two people."""

    reason = "SAME_PERSON"


class TakenBefore(AlreadyThere):
    """The same decisions were opened before: they would be paid twice."""

    reason = "CROSSING_REPEATED"


def open_parcel(
    sealed: Path,
    out: Path,
    log: Path,
    keys: Sequence[CityKey],
    *,
    operator: str,
    approver: str,
    now: datetime,
) -> tuple[Parcel, str]:
    """Write the decisions as a plain list, and a line in the log; return what the parcel says.

    The list is new or nothing. Raises `SameNames`, `TakenBefore` and `SealBroken`.
    """
    if same_person(operator, approver):
        raise SameNames("operator and approver must be two people, each with a name")
    with sealed.open("rb") as file:
        parcel, rows, content_hash = open_decisions(file, keys)
    if content_hash in crossings.hashes(log, crossings.IN):
        raise TakenBefore(f"these decisions were opened before; {log.name} says when and by whom")
    part = out.with_name(out.name + ".part")
    # A byte order mark, for the spreadsheets that will open it.
    with part.open("w", encoding="utf-8-sig", newline="") as file_out:
        writer = csv.writer(file_out)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    crossing = Crossing(
        time=now.isoformat(timespec="seconds"),
        operator=operator,
        approver=approver,
        direction=crossings.IN,
        file=sealed.name,
        count=parcel.count,
        hash=content_hash,
    )
    crossings.append(log, crossing)
    part.replace(out)
    return parcel, content_hash

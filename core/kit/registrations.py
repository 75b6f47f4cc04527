"""Reads registrations: as an audit's plain file has them, or an export."""

from pathlib import Path

import polars as pl

from core.errors import BadRequest
from core.kit import tables
from core.kit.columns import Reading, Side
from core.rosters import births, values
from core.rosters.columns import Column, refuse_my_number_titles
from core.rosters.fields import MOST_CHARACTERS
from core.rosters.rows import Reason

REQUIRED = ("registration_id", "name", "birth_date", "sex", "address")
OPTIONAL = ("registered_at", "name_flags", "address_flags", "suppressed")
_LONGEST_ID = 64


class RegistrationsBroken(BadRequest):
    """A file of registrations lacks columns, or has one twice; metadata hold `missing`."""

    reason = "ROSTER_COLUMNS_MISSING"


def read(path: Path) -> Side:
    """Read the file. Raises what `tables.read` raises, and `RegistrationsBroken`."""
    table = tables.read(path)
    refuse_my_number_titles(table.header)
    titles = [title.strip().lower() for title in table.header]
    places = {one: _places(titles, one) for one in (*REQUIRED, *OPTIONAL)}
    missing = [one for one in REQUIRED if not places[one]]
    if missing:
        lacks = ", ".join(missing)
        raise RegistrationsBroken(f"the file of registrations lacks {lacks}", missing=lacks)
    reading = Reading("registrations", table)
    # Letter by letter, as the flags count them.
    name, address = reading.written(places["name"]), reading.written(places["address"])
    reading.check_text(name, places["name"], most=MOST_CHARACTERS[Column.NAME])
    reading.check_text(address, places["address"], most=MOST_CHARACTERS[Column.ADDRESS], least=0)
    return reading.side(
        {
            "id": reading.id(places["registration_id"], most=_LONGEST_ID),
            "name": name,
            "name_flags": _flags(reading, places["name_flags"], name),
            "birth_date": reading.values(
                places["birth_date"],
                births.read,
                Reason.DATE_INVALID,
                "must be a date such as 1950-01-02",
            ),
            "sex": reading.values(
                places["sex"], values.sex, Reason.SEX_INVALID, "must be 1, 2, 9 or empty"
            ),
            "address": address,
            "address_flags": _flags(reading, places["address_flags"], address),
            "suppressed": reading.values(
                places["suppressed"], _truth, "SUPPRESSION_INVALID", "must be 0, 1 or empty"
            )
            == "1",
            "registered_at": reading.cells(places["registered_at"]),
        }
    )


def _places(titles: list[str], title: str) -> tuple[int, ...]:
    places = tuple(index for index, one in enumerate(titles) if one == title)
    if len(places) > 1:
        raise RegistrationsBroken(f"the file of registrations has {title} twice", missing="")
    return places


def _flags(reading: Reading, places: tuple[int, ...], marked: pl.Series) -> pl.Series:
    """Return which characters of another column are not the register's own: a 0 or 1 each."""
    flags = reading.cells(places)
    if not places:
        return flags
    wrong = "must hold one 0 or 1 for each character, or nothing"
    fit = (flags.str.len_chars() == marked.str.len_chars()) & flags.str.contains("^[01]*$")
    reading.refuse(~fit & (flags != ""), places, "FLAGS_INVALID", wrong)
    return flags


def _truth(text: str) -> str:
    known = {"0": "0", "1": "1", "false": "0", "true": "1"}
    if text.lower() not in known:
        raise ValueError("is neither 0 nor 1")
    return known[text.lower()]

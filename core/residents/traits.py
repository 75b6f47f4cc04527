"""The numbers that segments compare in the place of a resident's sealed facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.crypto import Vault, vault_of
from core.normalise.addresses import read_area
from core.residents import births
from core.residents.rows import IN_FORCE, OWN_FACTS, Facts, Resident
from core.residents.trait_rows import Area, Traits

NUMBER_LENGTH = 8
UNKNOWN = 0
"""What no facts tell; no trait that is asked for is equal to it."""


@dataclass(frozen=True, slots=True)
class Births:
    """Years, months and days of birth that together are the days from one to another."""

    years: tuple[str, ...]
    months: tuple[str, ...]
    days: tuple[str, ...]


def born_to_be(from_age: int, to_age: int, day: date) -> Births:
    """Return the births of those who are from `from_age` to `to_age` at the end of a day.

    One grows older at the end of the day before the birthday (年齢計算ニ関する法律), as where
    amounts go by age. Of whose birth only the year or the month is known is found where all of
    it lies in between.
    """
    first = _last_birth(day, to_age + 1) + timedelta(days=1)
    last = _last_birth(day, from_age)
    years, months, days = [], [], []
    while first <= last:
        if (first.month, first.day) == (1, 1) and date(first.year, 12, 31) <= last:
            years.append(f"{first:%Y}")
            first = date(first.year + 1, 1, 1)
        elif first.day == 1 and (end := _month_end(first)) <= last:
            months.append(f"{first:%Y-%m}")
            first = end + timedelta(days=1)
        else:
            days.append(first.isoformat())
            first += timedelta(days=1)
    return Births(tuple(years), tuple(months), tuple(days))


def number(vault: Vault, trait: str, value: str) -> int:
    """Return the number of a value of a trait, such as ("birth_year", "1950")."""
    if not value:
        return UNKNOWN
    digest = vault.index(value, f"traits.{trait}")
    return int.from_bytes(digest[:NUMBER_LENGTH], "big", signed=True)


def numbers(vault: Vault, trait: str, values: Iterable[str]) -> list[int]:
    return [number(vault, trait, value) for value in values]


def area_number(vault: Vault, town: str, block: str) -> int:
    """Return the number of a town, or of a block of it, however staff write them."""
    town = read_area(town)[0] or town
    return number(vault, "area", f"{town}\0{block}") if town else UNKNOWN


def keep(session: Session, facts: Facts) -> None:
    """Keep the traits of the facts in force of a resident, in the place of those before."""
    vault = vault_of(session)
    town, block = read_area(facts.address)
    year, month, day = _parts(births.iso(facts.birth_date))
    session.merge(
        Traits(
            municipality=facts.municipality,
            resident_id=facts.resident_id,
            birth_year=number(vault, "birth_year", year),
            birth_month=number(vault, "birth_month", month),
            birth_day=number(vault, "birth_day", day),
            sex=number(vault, "sex", facts.sex),
            town=area_number(vault, town, ""),
            block=area_number(vault, town, block) if block else UNKNOWN,
        )
    )
    for part in {"", block} if town else ():
        key = (facts.municipality, area_number(vault, town, part))
        if session.get(Area, key) is None:
            session.add(Area(municipality=key[0], number=key[1], town=town, block=part))
    session.flush()


def _parts(iso: str) -> tuple[str, str, str]:
    """Return the year, month and day of a birth date as far as it is known."""
    month = "" if iso[5:7] == "00" else iso[:7]
    return iso[:4], month, iso if births.is_whole(iso) else ""


def keep_missing(session: Session, municipality: str, *, after: str, limit: int) -> list[str]:
    """Keep the traits of residents who have none, by id after `after`; return whose."""
    query = (
        select(Facts)
        .join(Resident, OWN_FACTS)
        .outerjoin(
            Traits,
            (Traits.municipality == Facts.municipality) & (Traits.resident_id == Facts.resident_id),
        )
        .where(
            Facts.municipality == municipality,
            Facts.resident_id > after,
            IN_FORCE,
            Traits.resident_id.is_(None),
        )
    )
    found = session.scalars(query.order_by(Facts.resident_id).limit(limit)).all()
    for facts in found:
        keep(session, facts)
    return [facts.resident_id for facts in found]


def _last_birth(day: date, age: int) -> date:
    """Return the last day of birth by which somebody has an age at the end of a day."""
    morrow = day + timedelta(days=1)
    year = max(morrow.year - age, 1)
    try:
        return morrow.replace(year=year)
    except ValueError:
        return date(year, 2, 28)  # That year has no 29 February.


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)

"""Which offices there are to hand over, and what was chosen for them, as it stands in a button."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from channels.line.leading import seats
from channels.line.leading.seats import Seat, say
from todoke.v1 import circulars_pb2 as pb

TAIL = 8
VACANT = "0" * TAIL
MOST_PLACES = 23
"""So many successors fit a button; more offices are handed over at the desk."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen so far; `who` has the tail of each successor's id, in the places' order."""

    etag: str
    begin: date
    years: int
    who: tuple[str, ...] = ()

    @property
    def end(self) -> date:
        """The last day: that before the first of the term after."""
        year = self.begin.year + self.years
        try:
            after = self.begin.replace(year=year)
        except ValueError:  # From 29 February there is no such day.
            after = date(year, 3, 1)
        return after - timedelta(days=1)

    def then(self, tail: str) -> Self:
        return replace(self, who=(*self.who, tail))

    def before(self) -> Self:
        return replace(self, who=self.who[:-1])

    def __str__(self) -> str:
        return f"{self.etag}.{self.begin:%Y%m%d}.{self.years}.{''.join(self.who)}"


def read(text: str) -> Chosen | None:
    """Read what stands in a button; None where there is no such day."""
    etag, day, years, who = text.split(".")
    try:
        begin = date.fromisoformat(day)
    except ValueError:
        return None
    tails = tuple(who[at : at + TAIL] for at in range(0, len(who), TAIL))
    return Chosen(etag, begin, int(years), tails)


@dataclass(frozen=True, slots=True)
class Place:
    """An office that is to be filled, and who holds it today."""

    kind: pb.OfficeKind.ValueType
    group: pb.Group | None = None
    holder: pb.Office | None = None

    def words(self, language: str) -> str:
        office = seats.office(self.kind, language)
        if self.group is None:
            return office
        return say("office_of_group", language, group=self.group.name, office=office)


def places(there: Seat) -> list[Place]:
    """List the offices: one of each kind at least, as many vices and treasurers as there are."""
    found = []
    for kind in (pb.OFFICE_KIND_CHAIR, pb.OFFICE_KIND_VICE, pb.OFFICE_KIND_TREASURER):
        held = [one for one in there.offices if one.kind == kind]
        found += [Place(kind, holder=one) for one in held] or [Place(kind)]
    heads = {one.group_id: one for one in there.offices if one.kind == pb.OFFICE_KIND_GROUP_HEAD}
    found += [
        Place(pb.OFFICE_KIND_GROUP_HEAD, group, heads.get(group.group_id)) for group in there.groups
    ]
    return found

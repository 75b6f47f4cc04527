"""The letters that were printed for a resident, of campaigns and of benefits."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from core.campaigns import letter_rows
from core.eligibility import contacted_rows, version_rows
from core.languages import MAIN_LANGUAGE, said
from core.letters.rules import number_of
from core.messaging import drafts, rules
from core.normalise.addresses import read_area
from core.residents import rows
from core.wire.convert import to_timestamp
from todoke.v1 import records_pb2, residents_pb2


def printed_for(
    session: Session,
    resident: rows.Resident,
    facts: residents_pb2.BasicFour,
    now: datetime,
    *,
    limit: int,
) -> list[records_pb2.RecordedLetter]:
    """Return them newest first. Those of a benefit are known once it is theirs by a match."""
    found = [*_of_campaigns(session, resident, facts, limit), *_of_programs(session, resident, now)]
    newest = sorted(found, key=lambda one: one[0], reverse=True)[:limit]
    return [
        records_pb2.RecordedLetter(print_time=to_timestamp(time), about=about, number=number)
        for time, about, number in newest
    ]


def _of_campaigns(
    session: Session, resident: rows.Resident, facts: residents_pb2.BasicFour, limit: int
) -> Iterator[tuple[datetime, str, str]]:
    places = {"name": facts.name, "town": read_area(facts.address)[0]}
    key = resident.municipality, resident.id
    for letter, campaign in letter_rows.of_resident(session, *key, limit=limit):
        title = said(drafts.of(campaign).title, MAIN_LANGUAGE)
        yield letter.print_time, rules.filled(title, places), letter.number


def _of_programs(
    session: Session, resident: rows.Resident, now: datetime
) -> Iterator[tuple[datetime, str, str]]:
    key = resident.municipality, resident.id
    for record, program in contacted_rows.letters_to(session, *key):
        title = version_rows.terms_now(session, program, now).main_title
        number = number_of(record.print_id or "", record.position or 0, code=program.code)
        yield record.contact_time, title, number

"""Many households of an association, laid into a database as joining would have."""

from datetime import date, datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from core.associations.member_rows import Member, MemberContact, Office
from core.associations.rows import Association, Household
from core.associations.rules import OfficeKind
from core.residents.contact_rows import Contact, external_index
from core.residents.rules import ContactState
from tests.core.messaging.many import line_id
from tests.town import MUNICIPALITY


def id_of(number: int) -> str:
    """Return the id of a household, of who joined of it, and of their contact."""
    return f"0198c0de-1111-7000-8000-{number:012}"


def lay_in(session: Session, association_id: str, numbers: range, now: datetime) -> None:
    """Add a household for each number, of which one person joined in LINE."""
    common = {"municipality": MUNICIPALITY}
    ids = {number: id_of(number) for number in numbers}
    session.execute(
        insert(Household),
        [
            {
                **common, "id": id, "association_id": association_id, "group_id": "",
                "name": f"家{number}", "address": "中央1丁目", "round_order": number,
            }
            for number, id in ids.items()
        ],
    )  # fmt: skip
    session.execute(
        insert(Member),
        [
            {
                **common, "id": id, "association_id": association_id, "household_id": id,
                "display_name": f"住民{number}", "join_time": now,
            }
            for number, id in ids.items()
        ],
    )  # fmt: skip
    session.execute(
        insert(Contact),
        [
            {
                **common, "id": id, "channel": "line", "external_id": line_id(number),
                "external_index": external_index(session, line_id(number)),
                "state": ContactState.REACHABLE, "seen_time": now, "language": "ja",
            }
            for number, id in ids.items()
        ],
    )  # fmt: skip
    session.execute(
        insert(MemberContact),
        [{**common, "member_id": id, "contact_id": id, "link_time": now} for id in ids.values()],
    )


def lay_in_led(session: Session, association_id: str, numbers: range, now: datetime) -> None:
    """Add an association for each number: of one household, whose member is its chair."""
    lay_in(session, association_id, numbers, now)
    ids = [id_of(number) for number in numbers]
    common = {"municipality": MUNICIPALITY}
    session.execute(
        insert(Association),
        [{**common, "id": id, "number": id[-12:], "name": "自治会", "area": ""} for id in ids],
    )
    for rows in (Household, Member):
        session.execute(update(rows).where(rows.id.in_(ids)).values(association_id=rows.id))
    session.execute(
        insert(Office),
        [
            {
                **common, "id": id, "association_id": id, "kind": OfficeKind.CHAIR, "group_id": "",
                "member_id": id, "begin_date": date(2026, 4, 1), "end_date": date(2027, 3, 31),
            }
            for id in ids
        ],
    )  # fmt: skip

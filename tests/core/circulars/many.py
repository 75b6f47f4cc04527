"""Many households of an association, laid into a database as joining would have."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.associations.member_rows import Member, MemberContact
from core.associations.rows import Household
from core.residents.contact_rows import Contact, external_index
from core.residents.rules import ContactState
from tests.core.messaging.many import line_id
from tests.town import MUNICIPALITY


def lay_in(session: Session, association_id: str, numbers: range, now: datetime) -> None:
    """Add a household for each number, of which one person joined in LINE."""
    common = {"municipality": MUNICIPALITY}
    ids = {number: f"0198c0de-1111-7000-8000-{number:012}" for number in numbers}
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

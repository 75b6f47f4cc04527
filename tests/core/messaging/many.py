"""Many residents with a contact each, laid into a database as registering would have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.residents.contact_rows import Contact, external_index
from core.residents.rows import Facts, Resident
from core.residents.rules import Assurance, ContactState, Revocation
from tests.town import MUNICIPALITY


def line_id(number: int) -> str:
    """Return an id of LINE's form."""
    return f"U{number:032x}"


def resident_id(number: int) -> str:
    """Return the id of the resident of this number."""
    return f"0198c0de-0000-7000-8000-{number:012}"


def lay_in(session: Session, numbers: range, now: datetime, *, language: str = "ja") -> None:
    """Add a resident for each number, named by it, who is reached in LINE."""
    ids = {number: resident_id(number) for number in numbers}
    common = {"municipality": MUNICIPALITY}
    session.execute(
        insert(Resident),
        [{**common, "id": id, "create_time": now, "language": language} for id in ids.values()],
    )
    session.execute(
        insert(Facts),
        [
            {
                **common, "id": id, "resident_id": id, "person": id.encode(),
                "holder": id.encode(), "name": f"市民{number}", "name_flags": "",
                "birth_date": "419800101", "sex": "1",
                "address": "岡山県総社市中央1丁目1番1号", "address_flags": "",
                "assurance": Assurance.JPKI_SIGNATURE, "revocation": Revocation.NOT_CHECKED,
                "consent_version": "1", "verify_time": now,
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
                "state": ContactState.REACHABLE, "seen_time": now, "language": language,
                "resident_id": id,
            }
            for number, id in ids.items()
        ],
    )  # fmt: skip


def sms_id(number: int) -> str:
    return f"sms{number}"


def lay_in_more(session: Session, numbers: Sequence[int], now: datetime) -> None:
    """Let some of them be reached on a second channel, too, where they were seen before."""
    session.execute(
        insert(Contact),
        [
            {
                "municipality": MUNICIPALITY, "id": f"0198c0de-0000-7000-8001-{number:012}",
                "channel": "sms", "external_id": sms_id(number),
                "external_index": external_index(session, sms_id(number)),
                "state": ContactState.REACHABLE, "seen_time": now - timedelta(days=1),
                "language": "ja", "resident_id": f"0198c0de-0000-7000-8000-{number:012}",
            }
            for number in numbers
        ],
    )  # fmt: skip

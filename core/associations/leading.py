"""Who leads an association or a group of it today."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.associations import office_rows
from core.associations.rows import Association
from core.associations.rules import LEADERS, OfficeKind


def members_leading(session: Session, of: Association, group_id: str, now: datetime) -> list[str]:
    """Return the members who lead a group today: chair, vices and its head, each once."""
    held = office_rows.held_in(session, of, now)
    leading = [
        member.id
        for office, member in held
        if office.kind in LEADERS
        or (group_id and office.kind is OfficeKind.GROUP_HEAD and office.group_id == group_id)
    ]
    return list(dict.fromkeys(leading))

"""What was done to reach those entitled, beside what channels delivered."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.ledger.rules import Way


class ContactRecord(Row):
    """One contact with somebody entitled, or a try: a call, a visit, a printed letter.

    `declined` says that whoever was reached does not want it. `print_id` names the printing that a
    letter belongs to, `position` its place there.
    """

    __tablename__ = "contact_records"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "entitlement_id"], ["entitlements.municipality", "entitlements.id"]
        ),
        Index(None, "municipality", "entitlement_id", "contact_time"),
        Index("ix_contact_records_print", "municipality", "print_id", "position"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    entitlement_id: Mapped[str]
    way: Mapped[Way]
    reached: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Sealed("contact_records.note"))
    actor: Mapped[str]
    contact_time: Mapped[datetime] = mapped_column(Instant)
    create_time: Mapped[datetime] = mapped_column(Instant)
    print_id: Mapped[str | None] = mapped_column(default=None)
    position: Mapped[int | None] = mapped_column(default=None)
    declined: Mapped[bool] = mapped_column(default=False)

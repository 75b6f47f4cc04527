"""Reasons that staff kept, as rules for the same difference."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto import Sealed
from core.db import Instant, Row
from core.matching import Class, Decision


class MatchRule(Row):
    """A person's reason for a difference between two writings; in force until `end_time`.

    `difference` is the difference in words, such as "name: 髙 for 高"; `difference_index` finds it.
    """

    __tablename__ = "match_rules"
    __table_args__ = (ForeignKeyConstraint(["municipality"], ["municipalities.municipality"]),)

    municipality: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    difference: Mapped[str] = mapped_column(Sealed("match_rules.difference"))
    difference_index: Mapped[bytes]
    match_class: Mapped[Class]
    decision: Mapped[Decision]
    reason: Mapped[str] = mapped_column(Sealed("match_rules.reason"))
    author: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str | None] = mapped_column(Sealed("match_rules.end_reason"), default=None)
    end_time: Mapped[datetime | None] = mapped_column(Instant, default=None)


IN_FORCE = MatchRule.end_time.is_(None)

Index(
    "uq_match_rules_difference",
    MatchRule.municipality,
    MatchRule.difference_index,
    unique=True,
    sqlite_where=IN_FORCE,
    postgresql_where=IN_FORCE,
)

"""Letters of campaigns: to whom of their recipients one was printed, and why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.campaigns.recipient_rows import Recipient
from core.campaigns.rows import Campaign
from core.campaigns.rules import LetterCause
from core.db import Instant, Row
from core.letters.rules import number_of


class Letter(Row):
    """A letter to a recipient: one at most, whoever prints. It stays as the record of what went."""

    __tablename__ = "campaign_letters"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "campaign_id", "resident_id"],
            ["recipients.municipality", "recipients.campaign_id", "recipients.resident_id"],
        ),
        Index(None, "municipality", "print_id"),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    campaign_id: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[LetterCause]
    print_id: Mapped[str]
    position: Mapped[int]
    print_time: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str]

    @property
    def number(self) -> str:
        """What stands on the letter."""
        return number_of(self.print_id, self.position)


def of_print(session: Session, municipality: str, print_id: str) -> list[Letter]:
    """Return the letters of a printing in their order."""
    query = select(Letter).where(Letter.municipality == municipality, Letter.print_id == print_id)
    return list(session.scalars(query.order_by(Letter.position)))


def of_resident(
    session: Session, municipality: str, resident_id: str, *, limit: int
) -> list[tuple[Letter, Campaign]]:
    """Return the letters to a resident with their campaigns, newest first."""
    query = (
        select(Letter, Campaign)
        .join(
            Recipient,
            (Recipient.municipality == Letter.municipality)
            & (Recipient.campaign_id == Letter.campaign_id)
            & (Recipient.resident_id == Letter.resident_id),
        )
        .join(
            Campaign,
            (Campaign.municipality == Letter.municipality) & (Campaign.id == Letter.campaign_id),
        )
        .where(Recipient.municipality == municipality, Recipient.resident_id == resident_id)
        .order_by(Letter.print_time.desc(), Letter.campaign_id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def written_to(
    session: Session, municipality: str, campaign_id: str, resident_ids: Collection[str]
) -> set[str]:
    """Return those of the residents who have their letter."""
    query = select(Letter.resident_id).where(
        Letter.municipality == municipality,
        Letter.campaign_id == campaign_id,
        Letter.resident_id.in_(resident_ids),
    )
    return set(session.scalars(query))


def page(
    session: Session, municipality: str, campaign_id: str, *, after: str, limit: int
) -> list[Letter]:
    """Return letters of a campaign in the order of its recipients."""
    query = select(Letter).where(
        Letter.municipality == municipality,
        Letter.campaign_id == campaign_id,
        Letter.resident_id > after,
    )
    return list(session.scalars(query.order_by(Letter.resident_id).limit(limit)))


def count(session: Session, municipality: str, campaign_id: str) -> int:
    """Return how many letters of a campaign were printed."""
    query = select(func.count()).where(
        Letter.municipality == municipality, Letter.campaign_id == campaign_id
    )
    return session.scalars(query).one()

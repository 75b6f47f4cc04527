"""What a transfer batch may not pay yet."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.applications.rows import HELD, Application
from core.payments.rows import TransferBatch, TransferLine


def count(session: Session, batch: TransferBatch) -> int:
    """Return how many of a batch's applications are held, since their rows left the roster."""
    query = (
        select(func.count())
        .select_from(Application)
        .join(
            TransferLine,
            (TransferLine.municipality == Application.municipality)
            & (TransferLine.application_id == Application.id),
        )
        .where(
            TransferLine.municipality == batch.municipality,
            TransferLine.batch_id == batch.id,
            HELD,
        )
    )
    counted: int = session.scalars(query).one()
    return counted

"""All households that got a circular, as many as a whole town: a few columns of each, as they come.

Nothing of a household is unsealed but of those that are printed.
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.associations.rows import Group, Household
from core.associations.structure_rows import LAST
from core.circulars.queries import CONCERNED, OF_RECEIPT
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import Way

AT_ONCE = 1_000


def answers(session: Session, circular: Circular) -> Iterator[tuple[Way | None, str | None]]:
    """Yield how each household has read, and what it answered."""
    query = (
        select(Receipt.way, Receipt.answer_json)
        .join(Household, OF_RECEIPT)
        .where(*_got(circular), CONCERNED)
    )
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield row[0], row[1]


def living(
    session: Session, circular: Circular, *, group_ids: Collection[str] | None
) -> Iterator[tuple[str, Way | None, bool]]:
    """Yield each household that is there still, how it has read, and whether it reads on paper.

    Of these groups alone, unless None.
    """
    query = (
        select(Household.id, Receipt.way, Household.paper)
        .join(Receipt, OF_RECEIPT)
        .where(*_got(circular), Household.end_time.is_(None))
    )
    if group_ids is not None:
        query = query.where(Household.group_id.in_(group_ids))
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield row[0], row[1], row[2]


def _got(circular: Circular) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (Receipt.municipality == circular.municipality, Receipt.circular_id == circular.id)


def in_order(session: Session, municipality: str, ids: Sequence[str]) -> list[Household]:
    """Return households in the order of the round."""
    query = (
        select(Household, func.coalesce(Group.round_order, LAST), func.coalesce(Group.id, ""))
        .outerjoin(
            Group,
            (Group.municipality == Household.municipality) & (Group.id == Household.group_id),
        )
        .where(Household.municipality == municipality)
    )
    found = [
        row
        for start in range(0, len(ids), AT_ONCE)
        for row in session.execute(query.where(Household.id.in_(ids[start : start + AT_ONCE])))
    ]
    found.sort(key=lambda row: (row[1], row[2], row[0].round_order, row[0].id))
    return [row[0] for row in found]

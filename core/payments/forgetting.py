"""Whom transfer lines paid, erased when the term of their application is over."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.banks.account import AccountType
from core.payments import rows, transfers

ERASED = transfers.Payee(
    bank_code="",
    bank_name="",
    branch_code="",
    branch_name="",
    account_type=AccountType.ORDINARY,
    account_number="",
    payee_name="",
)


def forget(session: Session, municipality: str, application_ids: Collection[str]) -> None:
    """Erase name and account from the lines of applications; amounts stay, so that sums agree."""
    query = select(rows.TransferLine).where(
        rows.TransferLine.municipality == municipality,
        rows.TransferLine.application_id.in_(application_ids),
    )
    for line in session.scalars(query):
        line.payee_text, line.account_index = transfers.payee_text(ERASED), b""
    session.flush()

"""Programs that are open to all: a list of who is entitled that grows with each approval.

What is approved becomes a row of it, so that the laws of payment hold by the same constraints as
where the municipality knew beforehand whom to pay.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import crypto
from core.eligibility import accounts
from core.eligibility.rows import Entitlement, Program, Roster, find_roster, get_program
from core.ids import new_id
from core.rosters.rows import AccountOnFile


def roster(program: Program, now: datetime) -> Roster:
    """Return the empty list of a program that is being laid down."""
    return Roster(
        municipality=program.municipality,
        id=new_id(),
        program_id=program.id,
        row_count=0,
        total=0,
        content_hash="",
        file_name="",
        encoding="",
        import_time=now,
        freeze_time=now,
    )


def entitle(
    session: Session,
    program: Program,
    *,
    reference: str,
    amount: int,
    account: AccountOnFile | None,
) -> Entitlement:
    """Add a row for what was approved; without facts, which are the resident's own."""
    get_program(session, program.municipality, program.id, lock=True)
    held = find_roster(session, program.municipality, program.id)
    assert held is not None  # noqa: S101 - laid down with the program.
    vault = crypto.vault_of(session)
    row = Entitlement(
        municipality=program.municipality,
        id=new_id(),
        program_id=program.id,
        roster_id=held.id,
        reference=reference,
        reference_index=vault.index(reference, "entitlements.reference"),
        household="",
        name="",
        kana="",
        birth_date="",
        sex="",
        postal_code="",
        address="",
        amount=amount,
        account_text=accounts.to_text(account) if account else None,
        suppressed=False,
    )
    session.add(row)
    held.row_count += 1
    held.total += amount
    session.flush()
    return row


def forget(session: Session, municipality: str, entitlement_ids: Collection[str]) -> None:
    """Erase the accounts that residents gave; lists that were imported stay as they are."""
    open_ones = select(Program.id).where(Program.municipality == municipality, Program.open_to_all)
    session.execute(
        update(Entitlement)
        .where(
            Entitlement.municipality == municipality,
            Entitlement.id.in_(entitlement_ids),
            Entitlement.program_id.in_(open_ones),
        )
        .values(account_text=None)
        .execution_options(synchronize_session="fetch")
    )

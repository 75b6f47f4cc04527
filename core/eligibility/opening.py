"""Programs that are open to all: a list of who is entitled that grows with each approval.

What is approved becomes a row of it, so that the laws of payment hold by the same constraints as
where the municipality knew beforehand whom to pay.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Granted:
    """What was approved: its number, the amount in yen, and the account that was given."""

    reference: str
    amount: int
    account: AccountOnFile | None


def entitle(session: Session, program: Program, granted: Sequence[Granted]) -> list[Entitlement]:
    """Add a row for each that was approved; without facts, which are the resident's own."""
    get_program(session, program.municipality, program.id, lock=True)
    held = find_roster(session, program.municipality, program.id)
    assert held is not None  # noqa: S101 - laid down with the program.
    vault = crypto.vault_of(session)
    rows = [
        Entitlement(
            municipality=program.municipality,
            id=new_id(),
            program_id=program.id,
            roster_id=held.id,
            reference=one.reference,
            reference_index=vault.index(one.reference, "entitlements.reference"),
            household="",
            name="",
            kana="",
            birth_date="",
            sex="",
            postal_code="",
            address="",
            amount=one.amount,
            account_text=accounts.to_text(one.account) if one.account else None,
            suppressed=False,
        )
        for one in granted
    ]
    session.add_all(rows)
    held.row_count += len(rows)
    held.total += sum(one.amount for one in granted)
    session.flush()
    return rows


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

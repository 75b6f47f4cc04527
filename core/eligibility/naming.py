"""Which programs name a procedure."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.eligibility.rows import Program
from core.eligibility.rules import ProgramState


def open_program(session: Session, municipality: str, procedure_key: str) -> str:
    """Return the id of an open program that names a procedure; empty where none does."""
    query = select(Program.id).where(
        Program.municipality == municipality,
        Program.procedure_key == procedure_key,
        Program.state == ProgramState.OPEN,
    )
    return session.scalars(query.order_by(Program.id).limit(1)).first() or ""

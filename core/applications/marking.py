"""What residents chose at steps that are marked for segments: kept when they file."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.applications.marked_rows import MarkedAnswer
from core.applications.rows import Application
from core.procedures import engine
from core.procedures.definition import Procedure


def keep(session: Session, row: Application, procedure: Procedure, walked: engine.Walk) -> None:
    """Keep what is chosen at the marked steps, in the place of what was filed before.

    Of a resident only: who is not registered is told nothing.
    """
    if not row.resident_id or not any(step.for_segments for step in procedure.steps):
        return
    forget(session, row.municipality, row.resident_id, procedure.key)
    session.add_all(
        MarkedAnswer(
            municipality=row.municipality,
            procedure_key=procedure.key,
            step=step.key,
            value=value,
            resident_id=row.resident_id,
        )
        for step in walked.asked
        if step.for_segments
        for value in _chosen(walked.answers.get(step.key))
    )


def _chosen(answer: object) -> list[str]:
    """Return the values of an answer: of one, of several, or none where it was left out."""
    if isinstance(answer, list):
        return [str(value) for value in answer]
    return [answer] if isinstance(answer, str) else []


def forget(session: Session, municipality: str, resident_id: str, procedure_key: str = "") -> None:
    """Delete what a resident chose, in one procedure or in all."""
    statement = delete(MarkedAnswer).where(
        MarkedAnswer.municipality == municipality, MarkedAnswer.resident_id == resident_id
    )
    if procedure_key:
        statement = statement.where(MarkedAnswer.procedure_key == procedure_key)
    session.execute(statement.execution_options(synchronize_session="fetch"))

"""The terms of programs, version by version, and those in force."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKeyConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.ahead import held_all, hold_all
from core.db import Instant, Row
from core.eligibility import term_text, terms
from core.eligibility.rows import Program
from core.eligibility.terms import Days, FromRoster, Terms
from core.japan import today
from core.languages import MAIN_LANGUAGE

KeptTerms = JSON().with_variant(JSONB(), "postgresql")


class ProgramVersion(Row):
    """What holds of a program from `effective_date` on, until a later version's day.

    `terms` are the contract's ProgramTerms as protobuf writes them in JSON.
    """

    __tablename__ = "program_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "program_id"], ["programs.municipality", "programs.id"]
        ),
    )

    municipality: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    effective_date: Mapped[date]
    terms: Mapped[dict[str, object]] = mapped_column(KeptTerms)
    author: Mapped[str]
    reason: Mapped[str]
    create_time: Mapped[datetime] = mapped_column(Instant)


def of_program(session: Session, program: Program) -> list[ProgramVersion]:
    """Return a program's versions, oldest first, from 1 on without a gap.

    One laid down before there were versions has its first, which is not kept.
    """
    key = program.municipality, program.id, program.revision
    kept = held_all(session, ProgramVersion, key)
    if kept is None:
        kept = _read(session, program.municipality, [program])[program.id]
        hold_all(session, ProgramVersion, key, kept)
    return _whole(program, kept)


def laid(
    session: Session, municipality: str, programs: Collection[Program]
) -> dict[str, list[Terms]]:
    """Return all terms of some programs, by the program's id, in the order of their numbers."""
    kept = _read(session, municipality, programs)
    return {
        program.id: [term_text.read(one.terms) for one in _whole(program, kept[program.id])]
        for program in programs
    }


def _whole(program: Program, kept: Sequence[ProgramVersion]) -> list[ProgramVersion]:
    if kept and kept[0].version == 1:
        return list(kept)
    return [version(program, first_terms(program), number=1, author="", reason=""), *kept]


def _read(
    session: Session, municipality: str, programs: Collection[Program]
) -> dict[str, list[ProgramVersion]]:
    query = select(ProgramVersion).where(
        ProgramVersion.municipality == municipality,
        ProgramVersion.program_id.in_([program.id for program in programs]),
    )
    found: dict[str, list[ProgramVersion]] = {program.id: [] for program in programs}
    for one in session.scalars(query.order_by(ProgramVersion.program_id, ProgramVersion.version)):
        found[one.program_id].append(one)
    return found


def version(
    program: Program, terms: Terms, *, number: int, author: str, reason: str
) -> ProgramVersion:
    """Make a version, not yet kept, as of the program's own time."""
    return ProgramVersion(
        municipality=program.municipality,
        program_id=program.id,
        version=number,
        effective_date=terms.effective_date,
        terms=term_text.write(terms),
        author=author,
        reason=reason,
        create_time=program.create_time,
    )


def first_terms(program: Program) -> Terms:
    """Return the terms that a program's own simple values mean, from its day on without an end."""
    day = today(program.create_time)
    title = {MAIN_LANGUAGE: program.title}
    return Terms(
        effective_date=day,
        amount=FromRoster(program.amount),
        budget=program.budget,
        filing=Days(day, date.max),
        required_assurance=program.required_assurance,
        title=title,
        description=title,
    )


def in_force(versions: Sequence[ProgramVersion], now: datetime) -> tuple[int, Terms]:
    """Return the number and the terms in force today, of a program's versions."""
    return terms.in_force([term_text.read(one.terms) for one in versions], today(now))


def terms_now(session: Session, program: Program, now: datetime) -> Terms:
    """Return the terms of a program that are in force today."""
    return in_force(of_program(session, program), now)[1]

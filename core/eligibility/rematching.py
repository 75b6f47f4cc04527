"""Matches a roster that took the place of one that was matched, whole, without being asked."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.callers import the_core
from core.eligibility import match_actions, populations, rows
from core.eligibility.incremental import Linked
from core.eligibility.rules import ProgramState
from core.jobs import At, Step
from core.matching import Decision, Pair


@dataclass(frozen=True, slots=True)
class Found:
    """The new pairs of a roster."""

    roster_id: str
    pairs: list[Pair]


def waiting(session: Session) -> list[str]:
    """Return the municipalities in which a roster waits to be matched."""
    return sorted({row.municipality for row in session.scalars(_waiting())})


def look(session: Session, at: At) -> Callable[[], Found] | None:
    """Read both sides of the program that the step before took up; they are compared outside."""
    if not at.cursor:
        return None
    population = populations.whole(session, at.municipality, at.cursor)
    return lambda: Found(population.roster_id, population.pairs())


def step(session: Session, at: At, *, linked: Linked) -> Step:
    """Keep what was found of a program, or take the next one up.

    A roster is marked before residents are read: who registers in between is put beside it by
    themselves.
    """
    counted: Counter[str] = Counter()
    if isinstance(at.known, Found):
        by = the_core(at.municipality)
        kept = match_actions.keep_matches(
            session,
            by,
            program_id=at.cursor,
            roster_id=at.known.roster_id,
            pairs=at.known.pairs,
            now=at.now,
        )
        counted.update({str(decision): number for decision, number in kept.items()})
        if kept[Decision.ACCEPTED]:
            program = rows.get_program(session, at.municipality, at.cursor)
            counted["invited"] += linked(session, by, program, at.now)
    query = _waiting().where(rows.Roster.municipality == at.municipality)
    roster = session.scalars(query.order_by(rows.Roster.program_id).limit(1)).first()
    if roster is None:
        return Step("", counted)
    rows.mark_matched(session, at.municipality, roster.program_id, at.now)
    counted["rosters"] += 1
    return Step(roster.program_id, counted)


def _waiting() -> Select[rows.Roster]:
    before = aliased(rows.Roster)
    was_matched = select(before.id).where(
        before.municipality == rows.Roster.municipality,
        before.program_id == rows.Roster.program_id,
        before.match_time.is_not(None),
    )
    return (
        select(rows.Roster)
        .join(
            rows.Program,
            (rows.Program.municipality == rows.Roster.municipality)
            & (rows.Program.id == rows.Roster.program_id),
        )
        .where(
            rows.LIVE,
            rows.Roster.match_time.is_(None),
            rows.Program.state == ProgramState.OPEN,
            was_matched.exists(),
        )
    )

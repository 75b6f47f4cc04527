"""What a roster that takes another's place does to matches, and through others to applications."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller
from core.eligibility import roster_rows, rows, rules
from core.eligibility.comparing import Difference, Side, compare
from core.matching import Decision


@dataclass(frozen=True, slots=True)
class Left:
    """With which version of the roster a row left, and what the person wrote who replaced it."""

    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What is known and done of applications, by those who keep them.

    `running` yields the entitlement and the state of each of a program's that is not dead;
    `of` gives the newest of each entitlement that has one that is not dead;
    `move` lets those of an entitlement be of another, of this amount where it is not decided;
    `leave` takes back or holds those of one that left. Both return how many there were.
    """

    running: Callable[[Session, str, str], Iterator[tuple[str, str]]]
    of: Callable[[Session, str, Sequence[str]], dict[str, str]]
    move: Callable[[Session, Caller, rows.Entitlement, rows.Entitlement, datetime], int]
    leave: Callable[[Session, Caller, rows.Entitlement, Left, datetime], int]


def difference(
    session: Session, before: rows.Roster, after: Iterator[Side], applied: Applied
) -> Difference:
    """Count what another roster changes, beside the one that is in force."""
    of, running = before.municipality, {}
    states = dict(applied.running(session, of, before.program_id))
    for id, reference in roster_rows.indexes(session, of, list(states)).items():
        running[reference] = states[id]
    return compare(before.id, side_of(session, before), after, running)


def side_of(session: Session, roster: rows.Roster) -> Iterator[Side]:
    found = roster_rows.side(session, roster.municipality, roster.id)
    return ((reference, content) for reference, content, _ in found)


def carry_over(
    session: Session,
    by: Caller,
    *,
    before: rows.Roster,
    roster_id: str,
    applied: Applied,
    reason: str,
    now: datetime,
) -> Counter[str]:
    """Let matches and applications be of the rows that took the place of theirs; return counts.

    A row that says the same of the person keeps its match as it is; one that says otherwise is put
    before a person again. Of one that left the link ends, and what was begun is taken back.
    """
    of = before.municipality
    linked = roster_rows.matched(session, of, before.id)
    applying = [id for id, _ in applied.running(session, of, before.program_id)]
    ids = sorted({*linked, *applying})
    left = Left(before.version + 1, reason)
    counted: Counter[str] = Counter()
    moves: list[tuple[str, str]] = []
    for old, new in roster_rows.paired(session, of, ids, roster_id):
        if new is None:
            counted["left"] += 1
            counted["taken_back"] += applied.leave(session, by, old, left, now)
            _unlink(roster_rows.matches_of(session, of, old.id), by, now)
            continue
        counted["applications"] += applied.move(session, by, old, new, now)
        # The link of a row that left ended then; now that it is back a person looks at it.
        if old.roster_id != before.id or not _is_same_person(old, new):
            counted["to_review"] += _open_again(roster_rows.matches_of(session, of, old.id))
        moves.append((old.id, new.id))
    session.flush()
    roster_rows.move_matches(session, of, moves)
    return counted


def _is_same_person(old: rows.Entitlement, new: rows.Entitlement) -> bool:
    if old.content_digest is not None and old.content_digest == new.content_digest:
        return True
    return (old.name, old.birth_date, old.sex, old.address) == (
        new.name,
        new.birth_date,
        new.sex,
        new.address,
    )


def _open_again(matches: Sequence[rows.Match]) -> int:
    opened = 0
    for match in matches:
        opened += match.decision is not Decision.TO_REVIEW
        match.decision, match.proposed = Decision.TO_REVIEW, None
        match.decided_by, match.confirmed_by = "", ""
        match.reason, match.decide_time, match.rule_id = None, None, None
        match.rule = rules.ROW_CHANGED  # The class is that of the row before.
        match.revision += 1
    return opened


def _unlink(matches: Sequence[rows.Match], by: Caller, now: datetime) -> None:
    """End the links of a row that left; what a person decided of it stays readable."""
    for match in matches:
        if match.decision is Decision.REFUSED:
            continue
        match.decision, match.proposed = Decision.REFUSED, None
        match.decided_by, match.decide_time = by.actor, now
        match.revision += 1

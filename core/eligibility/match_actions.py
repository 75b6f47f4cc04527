"""What is done with matches, each in the caller's transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import events
from core.callers import Caller
from core.eligibility import kept_rules, match_rows, rows, rules, version_rows
from core.eligibility.terms import Terms, require_unfrozen
from core.etags import check_etag
from core.ids import new_id
from core.japan import today
from core.matching import Decision, Links, Pair
from core.my_number import refuse_my_number
from core.normalise import are_two_homes
from core.residents import staleness

Reopened = Callable[[Session, Caller, rows.Match, datetime], None]
"""Takes back what was begun for a match; raises where too much has come of it."""


def keep_matches(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    roster_id: str,
    pairs: Iterable[Pair],
    now: datetime,
) -> Counter[Decision]:
    """Keep pairs that matching found, and return how many of each decision.

    Who was linked since the pairs were looked for stays as they are; the next run sees it. Of a
    roster that was replaced since nothing is kept: the one in its place is matched by itself. What
    staff decided of a difference before decides the same difference here.
    """
    rows.get_program(session, by.municipality, program_id, lock=True)
    roster = rows.find_roster(session, by.municipality, program_id)
    found = list(pairs) if roster is not None and roster.id == roster_id else []
    links = _links(session, by.municipality, program_id, found)
    kept = [pair for pair in found if _still_new(pair, links)]
    values = [_values(by, program_id, pair, now) for pair in kept]
    match_rows.add(session, values)
    ruled = kept_rules.apply(
        session,
        by,
        ids=[one["id"] for one in values if one["decision"] is Decision.TO_REVIEW],
        now=now,
    )
    counted = Counter(pair.decision for pair in kept)
    for decision in ruled:
        counted[Decision.TO_REVIEW] -= 1
        counted[decision] += 1
    details = {
        "accepted": str(counted[Decision.ACCEPTED]),
        "to_review": str(counted[Decision.TO_REVIEW]),
    }
    events.record(session, by, "roster.matched", program_id, now, details=details)
    return counted


def decide_match(
    session: Session,
    by: Caller,
    *,
    id: str,
    decision: Decision,
    reason: str,
    etag: str,
    now: datetime,
) -> rows.Match:
    """Take a person's decision; it waits for another person's where the program's terms say so.

    Raises MatchUnknown, MatchDecided, MatchConflicts, ProgramFrozen.
    """
    refuse_my_number(reason, field="reason")
    row = match_rows.get(session, by.municipality, id)
    if row.decision is not Decision.TO_REVIEW:
        raise rules.MatchDecided(
            f"the match is {row.decision} already: list the matches again",
            decision=row.decision.value,
        )
    check_etag(row.revision, etag)
    terms = _terms(session, row, now)
    _require_free(session, row, decision)
    row.decided_by, row.decide_time = by.actor, now
    row.reason = reason
    if terms.second_eyes:
        row.decision, row.proposed = Decision.TO_CONFIRM, decision
        row.revision += 1
        session.flush()
    else:
        _settle(session, row, decision, now)
    _record(session, by, row, now, before=Decision.TO_REVIEW, reason=reason)
    return row


def confirm_match(
    session: Session,
    by: Caller,
    *,
    id: str,
    confirmed: bool,
    reason: str,
    etag: str,
    now: datetime,
) -> rows.Match:
    """Take the second person's word.

    Raises MatchUnknown, WrongState, SamePerson, MatchConflicts, ProgramFrozen.
    """
    refuse_my_number(reason, field="reason")
    row = match_rows.get(session, by.municipality, id)
    if row.decision is not Decision.TO_CONFIRM or row.proposed is None:
        raise rules.WrongState(
            f"the match is {row.decision}: nothing waits to be confirmed", state=row.decision.value
        )
    if row.decided_by == by.actor:
        raise rules.SamePerson("you decided this match yourself: another person must confirm it")
    check_etag(row.revision, etag)
    _terms(session, row, now)
    if confirmed:
        _require_free(session, row, row.proposed)
        row.confirmed_by = by.actor
        _settle(session, row, row.proposed, now)
    else:
        _put_back(session, row)
    _record(session, by, row, now, before=Decision.TO_CONFIRM, reason=reason)
    return row


def reopen_match(
    session: Session,
    by: Caller,
    *,
    id: str,
    reason: str,
    etag: str,
    reopened: Reopened,
    now: datetime,
) -> rows.Match:
    """Put a decided match before a person again; raise MatchUnknown, WrongState, ProgramFrozen.

    `reopened` takes back what came of it.
    """
    refuse_my_number(reason, field="reason")
    row = match_rows.get(session, by.municipality, id)
    before = row.decision
    if before is Decision.TO_REVIEW:
        raise rules.WrongState("the match is not decided: decide it", state=before.value)
    check_etag(row.revision, etag)
    _terms(session, row, now)
    if before is Decision.ACCEPTED:
        reopened(session, by, row, now)
    _put_back(session, row)
    _record(session, by, row, now, before=before, reason=reason, kind="match.reopened")
    return row


def look_at_matches(
    session: Session, by: Caller, *, program_id: str, shown: int, now: datetime
) -> None:
    """Write down that somebody looked at so many people."""
    events.record(session, by, "matches.listed", program_id, now, details={"count": str(shown)})


def _terms(session: Session, row: rows.Match, now: datetime) -> Terms:
    """Return the terms that a match is decided by; raise ProgramFrozen."""
    program = rows.get_program(session, row.municipality, row.program_id)
    terms = version_rows.terms_now(session, program, now)
    require_unfrozen(terms, today(now))
    return terms


def _settle(session: Session, row: rows.Match, decision: Decision, now: datetime) -> None:
    row.decision, row.proposed = decision, None
    row.revision += 1
    session.flush()
    if decision is Decision.ACCEPTED:
        _notice_move(session, row, now)


def _put_back(session: Session, row: rows.Match) -> None:
    row.decision, row.proposed = Decision.TO_REVIEW, None
    row.decided_by, row.confirmed_by = "", ""
    row.reason, row.decide_time, row.rule_id = None, None, None
    row.revision += 1
    session.flush()


def _require_free(session: Session, row: rows.Match, decision: Decision) -> None:
    if decision is Decision.ACCEPTED and match_rows.is_linked(session, row):
        raise rules.MatchConflicts(
            "the resident or the entitlement is linked otherwise already: refuse this match"
        )


def _notice_move(session: Session, row: rows.Match, now: datetime) -> None:
    """Mark the facts of one whose roster has another address than they proved."""
    entitled, facts = match_rows.sides_of(session, row)
    # A row out of the closed network does not tell where one lives.
    if not entitled.is_paid_inside and are_two_homes(entitled.address, facts.address):
        staleness.mark_moved(session, row.municipality, row.resident_id, now)


def _record(
    session: Session,
    by: Caller,
    row: rows.Match,
    now: datetime,
    *,
    before: Decision,
    reason: str,
    kind: str = "",
) -> None:
    events.record(
        session,
        by,
        kind or f"match.{row.decision}",
        row.id,
        now,
        details={
            "program": row.program_id,
            "entitlement": row.entitlement_id,
            "class": row.match_class.value,
            "rule": row.rule,
            "before": before.value,
        },
        reason=reason,
        on_behalf_of=row.resident_id,
    )


def _links(session: Session, municipality: str, program_id: str, pairs: Sequence[Pair]) -> Links:
    """Return what is known of those in the pairs, at least."""
    if len(pairs) > rows.PAGE:
        return match_rows.links(session, municipality, program_id)
    return match_rows.links_of(
        session,
        municipality,
        program_id,
        resident_ids={pair.registration_id for pair in pairs},
        entitlement_ids={pair.entitled_id for pair in pairs},
    )


def _values(by: Caller, program_id: str, pair: Pair, now: datetime) -> dict[str, Any]:
    return {
        "municipality": by.municipality,
        "id": new_id(),
        "program_id": program_id,
        "entitlement_id": pair.entitled_id,
        "resident_id": pair.registration_id,
        "match_class": pair.match_class,
        "decision": pair.decision,
        "rule": pair.rule.value,
        "find_time": now,
        "decided_by": "core" if pair.decision is Decision.ACCEPTED else "",
        "reason": None,
        "decide_time": now if pair.decision is Decision.ACCEPTED else None,
        "proposed": None,
        "confirmed_by": "",
        "rule_id": None,
        "revision": 1,
    }


def _still_new(pair: Pair, links: Links) -> bool:
    if (pair.registration_id, pair.entitled_id) in links.pairs:
        return False
    linked = pair.registration_id in links.registrations or pair.entitled_id in links.entitled
    return not (linked and pair.decision is Decision.ACCEPTED)

"""Puts residents who came or changed beside the rosters that were matched before they did."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from core.callers import Caller, the_core
from core.eligibility import match_actions, populations, rows
from core.jobs import At, Step
from core.matching import Decision
from core.residents import changed_rows, fact_rows

AT_ONCE = 100
"""Residents in one transaction."""

Linked = Callable[[Session, Caller, rows.Program, datetime], int]
"""Invites who is linked and waits, where the program's residents were invited; returns how many."""


def step(session: Session, at: At, *, linked: Linked) -> Step:
    """Match some of those who changed with every open program; who is linked is invited at once."""
    ids = changed_rows.some(session, at.municipality, limit=AT_ONCE)
    if not ids:
        return Step()
    found = fact_rows.served_facts(session, at.municipality, ids)
    by, counted = the_core(at.municipality), Counter({"residents": len(ids)})
    changed = populations.registrations(session, at.municipality, found)
    for program, roster in rows.matched_rosters(session, at.municipality) if changed else ():
        beside = populations.around(session, at.municipality, roster, changed)
        mine = {one.id for one in changed}
        pairs = [pair for pair in beside.pairs() if pair.registration_id in mine]
        if not pairs:
            continue
        kept = match_actions.keep_matches(
            session, by, program_id=program.id, roster_id=roster.id, pairs=pairs, now=at.now
        )
        counted.update({str(decision): number for decision, number in kept.items()})
        if kept[Decision.ACCEPTED]:
            counted["invited"] += linked(session, by, program, at.now)
    changed_rows.done(session, at.municipality, ids)
    return Step("again" if len(ids) == AT_ONCE else "", counted)

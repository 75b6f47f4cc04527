"""Reasons of staff that are kept, and decide the same difference from then on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import crypto, events
from core.callers import Caller
from core.eligibility import match_rows, rows, rules
from core.eligibility.differences import Writing, difference
from core.eligibility.rule_rows import IN_FORCE, MatchRule
from core.ids import new_id
from core.matching import Class, Decision, Pair, Registration, Rule
from core.my_number import refuse_my_number
from core.residents import rows as residents
from core.rosters.rows import RosterRow

RULED = frozenset({Class.VARIANT_CHARACTERS, Class.NAME_DIFFERS, Class.ADDRESS_DIFFERS})
"""Where only one difference stands between two writings."""

NEVER = frozenset(
    {Rule.CONFLICTING, Rule.LINKED_ALREADY, Rule.RESIDENT_SUPPRESSED, rules.ROW_CHANGED}
)
"""Where another is possible, too, or the person must be asked: no kept rule decides."""

_PLACE = "match_rules.difference"

Sides: TypeAlias = tuple[rows.Match, rows.Entitlement, residents.Facts]


class Written(Protocol):
    """A name and an address as a roster or a resident's proof writes them."""

    @property
    def name(self) -> str: ...

    @property
    def address(self) -> str: ...


class Flagged(Written, Protocol):
    """As a card writes them, with the characters that stand in for others."""

    @property
    def name_flags(self) -> str: ...


def difference_of(row: rows.Match, entitled: rows.Entitlement, facts: residents.Facts) -> str:
    """Return the difference that a rule could be kept for; empty where none could."""
    return _said(row.match_class, row.rule, entitled, facts)


def _said(match_class: Class, rule: str, entitled: Written, facts: Flagged) -> str:
    if match_class not in RULED or rule in NEVER or not entitled.name:
        return ""
    return difference(
        Writing(entitled.name, entitled.address),
        Writing(facts.name, facts.address, facts.name_flags),
    )


def keep(session: Session, by: Caller, *, match_id: str, reason: str, now: datetime) -> MatchRule:
    """Keep a decided match's reason, and decide those that wait with the same difference.

    Raises MatchUnknown, WrongState. A rule for the same difference is replaced.
    """
    refuse_my_number(reason, field="reason")
    row = match_rows.get(session, by.municipality, match_id)
    said = _decided_difference(session, row)
    digest = crypto.vault_of(session).index(said, _PLACE)
    for before in _in_force(session, by.municipality, [digest]).values():
        before.ended_by, before.end_reason, before.end_time = by.actor, reason, now
        session.flush()
    rule = MatchRule(
        municipality=by.municipality,
        id=new_id(),
        difference=said,
        difference_index=digest,
        match_class=row.match_class,
        decision=row.decision,
        reason=reason,
        author=by.actor,
        create_time=now,
    )
    session.add(rule)
    session.flush()
    details = {"decision": rule.decision.value, "match": match_id}
    events.record(session, by, "match.rule_kept", rule.id, now, details=details, reason=reason)
    ids = match_rows.waiting(session, by.municipality, row.program_id, row.match_class)
    apply(session, by, ids=ids, now=now)
    return rule


def _decided_difference(session: Session, row: rows.Match) -> str:
    """Return the difference in spite or because of which a person decided; raise WrongState."""
    said = difference_of(row, *match_rows.sides_of(session, row))
    by_person = row.decided_by not in ("", "core") and row.rule_id is None
    if row.decision not in (Decision.ACCEPTED, Decision.REFUSED) or not by_person or not said:
        raise rules.WrongState(
            "no rule can be kept of this match: it must be decided by a person, and differ in one "
            "thing that is a habit of writing",
            state=row.decision.value,
        )
    return said


def end(session: Session, by: Caller, *, id: str, reason: str, now: datetime) -> MatchRule:
    """End a rule; what it decided stays. Raises MatchRuleUnknown."""
    refuse_my_number(reason, field="reason")
    rule = session.get(
        MatchRule, (by.municipality, id), with_for_update=True, populate_existing=True
    )
    if rule is None:
        raise rules.MatchRuleUnknown(f"there is no kept rule {id}")
    if rule.end_time is None:
        rule.ended_by, rule.end_reason, rule.end_time = by.actor, reason, now
        events.record(session, by, "match.rule_ended", rule.id, now, reason=reason)
    return rule


def page(
    session: Session, municipality: str, *, before: str, limit: int
) -> list[tuple[MatchRule, int]]:
    """Return rules in force, newest first, each with how many matches it decided."""
    query = select(MatchRule).where(MatchRule.municipality == municipality, IN_FORCE)
    if before:
        query = query.where(MatchRule.id < before)
    found = session.scalars(query.order_by(MatchRule.id.desc()).limit(limit)).all()
    decided = count(session, municipality, [rule.id for rule in found])
    return [(rule, decided.get(rule.id, 0)) for rule in found]


def count(session: Session, municipality: str, ids: Sequence[str]) -> dict[str, int]:
    """Return how many matches each rule decided."""
    query = select(rows.Match.rule_id, func.count()).where(
        rows.Match.municipality == municipality, rows.Match.rule_id.in_(ids)
    )
    return {id: number for id, number in session.execute(query.group_by(rows.Match.rule_id)) if id}


def apply(session: Session, by: Caller, *, ids: Sequence[str], now: datetime) -> list[Decision]:
    """Decide those of the matches whose difference has a rule; return what was decided.

    Who stands in more than one open pair, or is linked, is decided by nobody but a person.
    """
    session.flush()
    sides = match_rows.open_sides(session, by.municipality, ids)
    if not sides:
        return []
    digests = _digests(session, sides)
    known = _in_force(session, by.municipality, sorted(set(digests.values())))
    decided = []
    for row, entitled, facts in sides:
        rule = known.get(digests.get(row.id, b""))
        if rule is None or not match_rows.stands_alone(session, row):
            continue
        agrees = entitled.sex in ("", facts.sex) and not entitled.suppressed
        if agrees or rule.decision is Decision.REFUSED:
            _decide(session, row, rule, now)
            decided.append(row.decision)
    if decided:
        counted = {str(one): str(number) for one, number in Counter(decided).items()}
        events.record(session, by, "match.rules_applied", by.id, now, details=counted)
    return decided


def _digests(session: Session, sides: Sequence[Sides]) -> dict[str, bytes]:
    """Return by what a rule for each match's difference is found, by match."""
    index = crypto.vault_of(session).index
    return {
        row.id: index(said, _PLACE)
        for row, entitled, facts in sides
        if (said := difference_of(row, entitled, facts))
    }


def _decide(session: Session, row: rows.Match, rule: MatchRule, now: datetime) -> None:
    row.decision, row.rule_id, row.decide_time = rule.decision, rule.id, now
    row.decided_by, row.reason = rule.author, rule.reason
    row.revision += 1
    session.flush()


def foretell(
    session: Session,
    municipality: str,
    pairs: Sequence[Pair],
    sides: Callable[[Pair], tuple[RosterRow, Registration]],
) -> list[Pair]:
    """Return pairs that nobody keeps, those decided for which `apply` would find a rule."""
    index = crypto.vault_of(session).index
    digests: dict[Pair, bytes] = {}
    for pair in pairs:
        said = _said(pair.match_class, pair.rule, *sides(pair))
        if said and pair.decision is Decision.TO_REVIEW:
            digests[pair] = index(said, _PLACE)
    known = _in_force(session, municipality, sorted(set(digests.values())))
    open_pairs = Counter(side for pair in pairs for side in _sides(pair))
    told = []
    for pair in pairs:
        rule = known.get(digests.get(pair, b""))
        row, registration = sides(pair)
        agrees = row.sex in (None, "", registration.sex) and not row.suppressed
        alone = all(open_pairs[side] == 1 for side in _sides(pair))
        if rule is None or not alone or (rule.decision is Decision.ACCEPTED and not agrees):
            told.append(pair)
            continue
        if rule.decision is Decision.REFUSED:
            open_pairs.subtract(_sides(pair))
        told.append(replace(pair, decision=rule.decision))
    return told


def _sides(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("resident", pair.registration_id), ("row", pair.entitled_id)


def _in_force(
    session: Session, municipality: str, digests: Sequence[bytes]
) -> dict[bytes, MatchRule]:
    found: dict[bytes, MatchRule] = {}
    for start in range(0, len(digests), rows.PAGE):
        query = select(MatchRule).where(
            MatchRule.municipality == municipality,
            MatchRule.difference_index.in_(digests[start : start + rows.PAGE]),
            IN_FORCE,
        )
        found.update((rule.difference_index, rule) for rule in session.scalars(query))
    return found

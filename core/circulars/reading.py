"""What members read: their list with its archive, and a circular whole."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.associations import standings
from core.associations.rules import Standing
from core.callers import Caller
from core.circulars import knowing, queries, searching
from core.circulars.knowing import Reader
from core.circulars.rows import Ballot, Circular, Elector, Receipt
from core.circulars.rules import Kind, State, Way, further, is_answered, is_over
from core.circulars.targets import are_leaders_only
from core.japan import today

Key = tuple[str, ...]
"""Where a circular stands in a member's list: unanswered first, then newest first."""


@dataclass(slots=True)
class Own:
    """A circular as a member has it; `answer` is the contract's HouseholdAnswer, or empty."""

    circular: Circular
    receipt: Receipt
    content: dict[str, Any]
    correction: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    is_answered: bool = False
    can_forward: bool = False
    leaders_only: bool = False

    def waits(self, now: datetime) -> bool:
        """Whether an answer is still waited for."""
        is_out = self.circular.state is State.PUBLISHED
        return is_out and not self.is_answered and not is_over(self.circular.due_date, today(now))


def own(session: Session, by: Caller, who: Reader, *, words: str, now: datetime) -> list[Own]:
    """Return what the reader got, unanswered first, then newest first; each circular once.

    With words, only what holds them all: in its title, its text, or a text of its files.
    """
    order = {id: place for place, id in enumerate(who.household_ids)}
    got = queries.got_by(session, by.municipality, who.household_ids)
    firsts: dict[str, tuple[Circular, Receipt]] = {}
    for circular, receipt in got:
        held = firsts.get(circular.id)
        if held is None or order[receipt.household_id] < order[held[1].household_id]:
            firsts[circular.id] = circular, receipt
    shown = as_own(session, who, list(firsts.values()), now)
    if words.strip():
        said = [(one.circular, one.content) for one in shown]
        found = searching.holding(session, by.municipality, said, words)
        shown = [one for one in shown if one.circular.id in found]
    return sorted(shown, key=lambda one: not one.waits(now))


def as_own(
    session: Session, who: Reader, got: Sequence[tuple[Circular, Receipt]], now: datetime
) -> list[Own]:
    """Return circulars as the reader has them, in their order."""
    versions = queries.contents(session, [circular for circular, _ in got])
    shown = []
    for circular, receipt in got:
        version = versions[circular.id]
        one = Own(circular, receipt, json.loads(version.content_json), version.correction)
        one.answer = json.loads(receipt.answer_json or "{}")
        one.leaders_only = are_leaders_only(circular.targets_json)
        one.is_answered = is_answered(receipt.way)
        shown.append(one)
    _votes(session, who, [one for one in shown if one.circular.kind is Kind.VOTE])
    _forwarding(session, who, [one for one in shown if not one.circular.association_id], now)
    return shown


def _votes(session: Session, who: Reader, shown: Sequence[Own]) -> None:
    """Put in what the member voted, where each member has a vote: never of a secret one."""
    for one in shown:
        rules = one.content["vote"]
        if rules["electorate"] != "ELECTORATE_MEMBERS":
            continue
        member = who.member_of(one.receipt.household_id)
        key = (one.circular.municipality, one.circular.id, member.id)
        elector = session.get(Elector, key)
        one.is_answered = elector is not None and elector.has_cast
        if not rules.get("secret"):
            query = select(Ballot.choice).where(
                Ballot.municipality == one.circular.municipality,
                Ballot.circular_id == one.circular.id,
                Ballot.elector_id == member.id,
            )
            choice = session.scalars(query).one_or_none()
            one.answer = {} if choice is None else {"vote": choice}


def _forwarding(session: Session, who: Reader, shown: Sequence[Own], now: datetime) -> None:
    """Say what of the city's may be passed on: by who leads, and not yet by somebody else.

    A proxy reads it, and does not use the office.
    """
    if not shown or who.for_another:
        return
    municipality = shown[0].circular.municipality
    led = {
        member.association_id: member
        for member in who.members
        if standings.standing_of(session, member, now).leads_all
    }
    ids = [one.circular.id for one in shown]
    passed_on = queries.forwarded(session, municipality, ids, list(led))
    for one in shown:
        association_id = one.receipt.association_id
        one.can_forward = (
            one.circular.state is State.PUBLISHED
            and not one.leaders_only
            and not is_over(one.circular.due_date, today(now))
            and association_id in led
            and (one.circular.id, association_id) not in passed_on
        )


def open_(session: Session, by: Caller, who: Reader, circular_id: str, now: datetime) -> Own:
    """Return a circular whole, and write down that the reader's households opened it.

    Raises CircularUnknown.
    """
    circular, receipts = knowing.for_reader(session, by, who, circular_id, lock=True)
    for receipt in receipts:
        read(circular, receipt, Way.OPENED, who.member_of(receipt.household_id).id, now)
    return as_own(session, who, [(circular, receipts[0])], now)[0]


def read(circular: Circular, receipt: Receipt, way: Way, member_id: str, now: datetime) -> None:
    """Write down that a household read; what it did before is not undone."""
    if circular.state is State.WITHDRAWN:
        return
    if receipt.read_time is None:
        receipt.read_time, receipt.read_by = now, member_id
    receipt.way = further(receipt.way, way)
    if receipt.way is not Way.PAPER:
        receipt.enter_time, receipt.entered_by = None, ""
    receipt.version = circular.version


def read_by_writer(session: Session, circular: Circular, by: Standing, now: datetime) -> None:
    """Write down that the household of whoever sent, passed on or corrected a circular has read it.

    A notice asks for no more; what else is asked, the household answers like all others.
    """
    way = Way.TAPPED if circular.kind is Kind.NOTICE else Way.OPENED
    for receipt in queries.receipts_of(
        session, circular.municipality, circular.id, [by.household_id], lock=True
    ):
        read(circular, receipt, way, by.member_id, now)

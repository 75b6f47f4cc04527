"""What households answer: a tap, who comes, a survey, a vote."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import knowing, queries, reading, voting
from core.circulars.knowing import Reader
from core.circulars.reading import Own
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import (
    MEMBERS,
    CircularClosed,
    Kind,
    State,
    VoteCast,
    Way,
    check_answer,
    is_over,
)
from core.japan import today
from core.my_number import refuse_my_number


def answer(
    session: Session,
    by: Caller,
    who: Reader,
    *,
    circular_id: str,
    given: Mapping[str, Any],
    now: datetime,
) -> Own:
    """Take an answer for each of the reader's households; raise what the contract names."""
    # Two of a family may answer at once, and ballots are laid anew with each.
    queries.find(session, by.municipality, circular_id, lock=True)
    circular, receipts = knowing.for_reader(session, by, who, circular_id, lock=True)
    check_open(circular, now, tap=circular.kind is Kind.NOTICE)
    content = queries.content_of(session, circular)
    check_answer(circular.kind, content, given)
    refuse_numbers(given)
    if circular.kind is Kind.VOTE:
        _vote(session, circular, receipts, who=who, rules=content["vote"], choice=given["vote"])
    for receipt in receipts:
        reading.read(circular, receipt, Way.TAPPED, who.member_of(receipt.household_id).id, now)
        if circular.kind is not Kind.VOTE or _is_the_households(content["vote"]):
            receipt.answer_json, receipt.answer_time = json.dumps(given, ensure_ascii=False), now
    session.flush()
    return reading.as_own(session, who, [(circular, receipts[0])], now)[0]


def check_open(circular: Circular, now: datetime, *, tap: bool = False) -> None:
    """Raise CircularClosed where it was taken back; past its due date only a tap is taken."""
    if circular.state is not State.PUBLISHED:
        raise CircularClosed("the circular was taken back", state=circular.state)
    if not tap and is_over(circular.due_date, today(now)):
        raise CircularClosed("the due date is over", state="closed")


def is_secret(session: Session, circular: Circular) -> bool:
    """Whether nobody is ever to learn who chose what."""
    if circular.kind is not Kind.VOTE:
        return False
    return bool(queries.content_of(session, circular)["vote"].get("secret"))


def _is_the_households(rules: Mapping[str, Any]) -> bool:
    """Whether a household's answer is the vote: neither of a secret one, nor of a member's."""
    return not rules.get("secret") and rules["electorate"] != MEMBERS


def _vote(
    session: Session,
    circular: Circular,
    receipts: list[Receipt],
    *,
    who: Reader,
    rules: Mapping[str, Any],
    choice: str,
) -> None:
    """Cast for each of the reader's households; raise VoteCast where all have cast before."""
    cast = 0
    refused: VoteCast | None = None
    for receipt in receipts:
        member = who.member_of(receipt.household_id)
        try:
            voting.cast(session, circular, rules, member=member, choice=choice)
            cast += 1
        except VoteCast as before:
            refused = before
    if refused is not None and not cast:
        raise refused


def refuse_numbers(given: Mapping[str, Any]) -> None:
    """Raise MyNumberRefused where one stands in what was written."""
    refuse_my_number(given.get("attendance", {}).get("remark", ""), field="answer.attendance")
    for one in given.get("survey", {}).get("answers", []):
        refuse_my_number(one.get("text", ""), field="answer.survey")

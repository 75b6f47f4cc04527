"""What came back on the round sheet: who read there, and what households wrote."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.associations.rules import FieldRefused, HouseholdUnknown, Standing
from core.callers import Caller
from core.circulars import answering, drafting, queries, receipts, voting
from core.circulars.knowing import Led
from core.circulars.rows import Receipt
from core.circulars.rules import OUT, AnswerInvalid, Kind, Way, check_on_paper
from core.my_number import refuse_my_number


@dataclass(frozen=True, slots=True)
class Line:
    """What the sheet says of a household: an answer, only that it read, or neither."""

    household_id: str
    read: bool = True
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """Of how many households something changed, and which have answered themselves."""

    recorded: int
    answered_themselves: Sequence[str]


def enter(
    session: Session,
    by: Caller,
    *,
    external_id: str,
    circular_id: str,
    lines: Sequence[Line],
    reason: str = "",
    now: datetime,
) -> Entered:
    """Write down what a sheet says; what a household said itself stands.

    `reason` is why staff of the city hall do it. Raises CircularUnknown, CircularClosed,
    AnswerInvalid, HouseholdUnknown, MyNumberRefused, NotInOffice, FieldRefused.
    """
    # A household may answer at this moment: locked as there, one comes after the other.
    if by.is_channel:
        led = receipts.out(
            session, by, external_id=external_id, circular_id=circular_id, now=now, lock=True
        )
        led.standing.check_leads_some()
    else:
        led = _handed_in(session, by, circular_id, reason)
    held = _held(session, led, lines)
    content = queries.content_of(session, led.circular)
    recorded, themselves = 0, []
    for line in lines:
        receipt = held[line.household_id]
        if line.answer is not None:
            check_on_paper(led.circular.kind, content, line.answer)
            answering.refuse_numbers(line.answer)
        if receipt.way is Way.TAPPED:
            if line.answer is not None:
                themselves.append(line.household_id)
            continue
        if what := _change(session, led, receipt, line, by=by, now=now):
            recorded += 1
            drafting.record(
                session, by, led.circular, "paper_recorded", now,
                on_behalf_of=led.standing.member_id, reason=reason, household=line.household_id,
                what=what,
            )  # fmt: skip
    return Entered(recorded, themselves)


def _handed_in(session: Session, by: Caller, circular_id: str, reason: str) -> Led:
    """Return the circular of an association that handed its sheets to the city hall.

    Nothing of it is shown: staff write down what lies before them. Raises CircularUnknown,
    FieldRefused, MyNumberRefused.
    """
    if not reason.strip():
        raise FieldRefused("the log says why the city hall enters it", field="reason")
    refuse_my_number(reason, field="reason")
    circular = queries.find(session, by.municipality, circular_id, lock=True)
    if circular is None or not circular.association_id or circular.state not in OUT:
        raise queries.unknown()
    return Led(circular, Standing(circular.association_id, is_staff=True))


def _held(session: Session, led: Led, lines: Sequence[Line]) -> dict[str, Receipt]:
    """Return the receipts of all lines, locked; raise for what is not the officer's to enter."""
    ids = {line.household_id for line in lines}
    if len(ids) < len(lines):
        raise AnswerInvalid("a household has one line", problem="TWICE")
    circular = led.circular
    if not queries.has_receipts(session, circular, led.led_group_ids, ids):
        raise HouseholdUnknown("no such household")
    found = queries.receipts_of(session, circular.municipality, circular.id, ids, lock=True)
    return {receipt.household_id: receipt for receipt in found}


def _change(
    session: Session, led: Led, receipt: Receipt, line: Line, *, by: Caller, now: datetime
) -> str:
    """Write a line down; return what became of it, or nothing where it says nothing new."""
    before = json.loads(receipt.answer_json) if receipt.answer_json else None
    was_entered = receipt.way is Way.PAPER
    if was_entered == line.read and before == line.answer:
        return ""
    answering.check_open(led.circular, now, tap=before == line.answer)
    if line.read:
        receipt.way, receipt.version = Way.PAPER, led.circular.version
        receipt.enter_time, receipt.entered_by = now, led.standing.member_id or by.id
    else:
        _forget(receipt)
    _put_answer(session, led, receipt, line.answer, now)
    if not line.read:
        return "taken_back"
    return "read" if line.answer is None else "answered"


def _forget(receipt: Receipt) -> None:
    """Let a household have read as it had before a sheet was entered: opened it, or nothing."""
    receipt.way = Way.OPENED if receipt.read_time else None
    receipt.version = receipt.version if receipt.read_time else 0
    receipt.enter_time, receipt.entered_by = None, ""


def _put_answer(
    session: Session,
    led: Led,
    receipt: Receipt,
    answer: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    if led.circular.kind is Kind.VOTE:
        _vote(session, led, receipt, answer)
    receipt.answer_json = None if answer is None else json.dumps(answer, ensure_ascii=False)
    receipt.answer_time = None if answer is None else now


def _vote(session: Session, led: Led, receipt: Receipt, answer: Mapping[str, Any] | None) -> None:
    """Cast the vote of a household, or take back what was entered for it."""
    if answer is not None:
        rules = queries.content_of(session, led.circular)["vote"]
        voting.cast_by(session, led.circular, rules, receipt.household_id, answer["vote"])
    elif receipt.answer_json is not None:
        voting.take_back(session, led.circular, receipt.household_id)

"""What was answered, counted; of a secret vote only after its due date, never by household."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import knowing, queries, receipts, voting
from core.circulars.rows import Circular, Receipt
from core.circulars.rules import FEWEST_BALLOTS, Kind, VoteOpen, Way, is_over, reaches_quorum
from core.japan import today


@dataclass(frozen=True, slots=True)
class Question:
    """The counts of one question, by choice; and what was written, without who wrote it."""

    key: str
    counts: Mapping[str, int]
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """What was counted; `on_paper` are those of the answered, `quorum_reached` is of votes."""

    questions: Sequence[Question] = field(default_factory=tuple)
    electorate: int = 0
    answered: int = 0
    quorum_reached: bool = False
    on_paper: int = 0


def of(
    session: Session, by: Caller, *, external_id: str, circular_id: str, now: datetime
) -> Results:
    """Count answers; raise CircularUnknown, NotInOffice, VoteOpen."""
    led = receipts.out(session, by, external_id=external_id, circular_id=circular_id, now=now)
    knowing.check_all_seen(session, led)
    circular = led.circular
    content = queries.content_of(session, circular)
    got = [one for one, _, _ in queries.receipts_in_round(session, circular, group_ids=None)]
    counted = _counted(session, circular, content, got, now)
    return replace(counted, on_paper=_on_paper(circular.kind, got))


def _on_paper(kind: Kind, got: Sequence[Receipt]) -> int:
    return sum(
        one.way is Way.PAPER and (kind is Kind.NOTICE or one.answer_json is not None) for one in got
    )


def _counted(
    session: Session,
    circular: Circular,
    content: Mapping[str, Any],
    got: Sequence[Receipt],
    now: datetime,
) -> Results:
    if circular.kind is Kind.VOTE:
        return _of_vote(session, circular, content["vote"], now)
    answers = [json.loads(one.answer_json) for one in got if one.answer_json]
    if circular.kind is Kind.ATTENDANCE:
        coming = sum(one["attendance"].get("coming", 0) for one in answers)
        return Results((Question("", {"coming": coming}),), len(got), len(answers))
    if circular.kind is Kind.SURVEY:
        return Results(_of_survey(content["questions"], answers), len(got), len(answers))
    return Results((), len(got), _read(got))


def _read(got: Sequence[Receipt]) -> int:
    return sum(one.way is not None for one in got)


def _of_vote(
    session: Session, circular: Circular, rules: Mapping[str, Any], now: datetime
) -> Results:
    secret = bool(rules.get("secret"))
    due_date = circular.due_date
    if secret and due_date is not None and not is_over(due_date, today(now)):
        raise VoteOpen("a secret vote is counted after its due date", dueDate=due_date.isoformat())
    counted = voting.count(session, circular, rules)
    reached = reaches_quorum(counted.cast, counted.electorate, rules.get("quorum_percent", 0))
    broken_down = not secret or counted.cast >= FEWEST_BALLOTS
    questions = (Question("", counted.choices),) if broken_down else ()
    return Results(questions, counted.electorate, counted.cast, reached)


def _of_survey(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> list[Question]:
    chosen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    written: defaultdict[str, list[str]] = defaultdict(list)
    for answer in answers:
        for one in answer["survey"]["answers"]:
            chosen[one["question"]].update(one.get("choices", []))
            if one.get("text", "").strip():
                written[one["question"]].append(one["text"])
    return [
        Question(
            question["key"],
            {
                option["value"]: chosen[question["key"]][option["value"]]
                for option in question.get("options", [])
            },
            # In no order that tells who wrote which.
            sorted(written[question["key"]]),
        )
        for question in questions
    ]

"""What was answered, counted; of a secret vote only after its due date, never by household."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.callers import Caller
from core.circulars import knowing, queries, receipts, voting, whole_round
from core.circulars.rows import Circular
from core.circulars.rules import FEWEST_BALLOTS, Kind, VoteOpen, Way, is_over, reaches_quorum
from core.japan import today


@dataclass(frozen=True, slots=True)
class Question:
    """The counts of one question, by choice; and what was written, without who wrote it.

    `written` is how many texts there are, of which `texts` may be a page.
    """

    key: str
    counts: Mapping[str, int]
    texts: Sequence[str] = ()
    written: int = 0


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
    if circular.kind is Kind.VOTE:
        # A secret vote is refused as long as it is open, before anything is counted.
        counted = _of_vote(session, circular, content["vote"], now)
        return replace(counted, on_paper=_count(session, circular).on_paper)
    count = _count(session, circular, content.get("questions", []))
    answered = count.read if circular.kind is Kind.NOTICE else count.answered
    return Results(
        _questions(circular.kind, count), count.households, answered, False, count.on_paper
    )


@dataclass(slots=True)
class _Counting:
    """What was counted so far, of households one after the other: none of them is kept."""

    survey: "_Survey"
    households: int = 0
    read: int = 0
    answered: int = 0
    on_paper: int = 0
    coming: int = 0


def _count(
    session: Session, circular: Circular, questions: Sequence[Mapping[str, Any]] = ()
) -> _Counting:
    """Go through what each household read and answered."""
    count = _Counting(_Survey(questions))
    for way, answer_json in whole_round.answers(session, circular):
        count.households += 1
        count.read += way is not None
        count.answered += answer_json is not None
        if way is Way.PAPER and (circular.kind is Kind.NOTICE or answer_json is not None):
            count.on_paper += 1
        if answer_json is not None:
            answer = json.loads(answer_json)
            count.coming += answer.get("attendance", {}).get("coming", 0)
            count.survey.add(answer.get("survey", {}).get("answers", []))
    return count


def _questions(kind: Kind, count: _Counting) -> Sequence[Question]:
    if kind is Kind.ATTENDANCE:
        return (Question("", {"coming": count.coming}),)
    return count.survey.counted() if kind is Kind.SURVEY else ()


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


class _Survey:
    """The answers to a survey, by question."""

    def __init__(self, questions: Sequence[Mapping[str, Any]]) -> None:
        self._questions = questions
        self._chosen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._written: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, answers: Sequence[Mapping[str, Any]]) -> None:
        for one in answers:
            self._chosen[one["question"]].update(one.get("choices", []))
            if one.get("text", "").strip():
                self._written[one["question"]].append(one["text"])

    def counted(self) -> list[Question]:
        return [self._counted(one["key"], one.get("options", [])) for one in self._questions]

    def _counted(self, key: str, options: Sequence[Mapping[str, Any]]) -> Question:
        chosen = self._chosen[key]
        counts = {option["value"]: chosen[option["value"]] for option in options}
        # In no order that tells who wrote which.
        written = sorted(self._written[key])
        return Question(key, counts, written, len(written))


Place = tuple[str, int]
"""How far the texts are told: a question, and how many of it."""


def page(
    questions: Sequence[Question], after: Place | None, limit: int
) -> tuple[Sequence[Question], Place | None]:
    """Return the questions with a page of what was written, and how far it goes; None at the end.

    Whoever answers between two pages may be told twice, or not, as texts have no names.
    """
    keys = [one.key for one in questions]
    first, told = after or ("", 0)
    start = keys.index(first) if first in keys else 0
    shown, end = [], None
    for number, one in enumerate(questions):
        begin = told if number == start else 0
        texts = one.texts[begin : begin + limit] if number >= start else ()
        limit -= len(texts)
        shown.append(replace(one, texts=texts))
        if number >= start and end is None and begin + len(texts) < len(one.texts):
            end = (one.key, begin + len(texts))
    return shown, end

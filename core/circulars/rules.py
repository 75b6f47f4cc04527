"""What a circular asks for, where it is, and how a household has read."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from core.errors import BadRequest, NotFound, NotNow


class Kind(StrEnum):
    """What a circular asks for."""

    NOTICE = "notice"
    ATTENDANCE = "attendance"
    SURVEY = "survey"
    VOTE = "vote"


MEMBERS = "ELECTORATE_MEMBERS"
"""In a vote's rules: each member has a vote, and not each household."""


class State(StrEnum):
    """Where a circular is. Whether one that is out is past its due date, the date says."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How a household read."""

    OPENED = "opened"
    TAPPED = "tapped"
    PAPER = "paper"


class Occasion(StrEnum):
    """Why members are told of a circular."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"


class CircularUnknown(NotFound):
    reason = "CIRCULAR_UNKNOWN"


class CircularClosed(NotNow):
    reason = "CIRCULAR_CLOSED"


class CircularForLeaders(NotNow):
    reason = "CIRCULAR_FOR_LEADERS"


class WrongState(NotNow):
    reason = "WRONG_STATE"


class TargetsEmpty(NotNow):
    reason = "TARGETS_EMPTY"


class VoteCast(NotNow):
    reason = "VOTE_CAST"


class VoteOpen(NotNow):
    reason = "VOTE_OPEN"


class RemindedToday(NotNow):
    reason = "REMINDED_TODAY"


class RoundTooLarge(NotNow):
    reason = "ROUND_TOO_LARGE"


class CommentsOff(NotNow):
    reason = "COMMENTS_OFF"


class CommentUnknown(NotFound):
    reason = "COMMENT_UNKNOWN"


class AnswerInvalid(BadRequest):
    """Metadata hold the `problem`.

    KIND, QUESTION, CHOICE, MISSING, NO_VOTE; and of a round sheet NOT_ON_PAPER or TWICE.
    """

    reason = "CIRCULAR_ANSWER_INVALID"


class ContentRefused(BadRequest):
    reason = "FIELD_INVALID"


FEWEST_CHOICES = 2
FEWEST_BALLOTS = 5
"""A secret vote with fewer is not broken down: who voted might be told from it."""

DRAFTED = frozenset({State.DRAFT, State.SCHEDULED})
OUT = frozenset({State.PUBLISHED, State.WITHDRAWN})

_RANK = {None: 0, Way.OPENED: 1, Way.PAPER: 2, Way.TAPPED: 3}


def further(before: Way | None, now: Way) -> Way:
    """Return how a household has read, having read so now, too: a tap is not undone by opening."""
    return before if before is not None and _RANK[before] > _RANK[now] else now


def is_over(due_date: date | None, day: date) -> bool:
    """Whether the due date is past; on the day itself it is not."""
    return due_date is not None and due_date < day


def is_answered(way: Way | None) -> bool:
    """Whether nothing more is waited for: a tap, an answer, or paper; opening it is none."""
    return way in {Way.TAPPED, Way.PAPER}


def reaches_quorum(answered: int, electorate: int, percent: int) -> bool:
    """Whether enough of the electorate voted; of none at all nothing counts."""
    return electorate > 0 and answered > 0 and answered * 100 >= percent * electorate


def check_kind(kind: Kind, content: Mapping[str, Any]) -> None:
    """Raise ContentRefused where what is asked is not the kind's; something may be missing yet."""
    if content.get("questions") and kind is not Kind.SURVEY:
        raise ContentRefused("a survey has questions, and nothing else has", field="questions")
    if (kind is Kind.VOTE) != ("vote" in content):
        raise ContentRefused("a vote has its rules, and nothing else has", field="vote")
    if content.get("vote", {}).get("secret") and content.get("answers_shown"):
        raise ContentRefused("nobody sees who chose what in a secret vote", field="answers_shown")
    asked = content.get("questions", [])
    _unique([question["key"] for question in asked], field="questions")
    for question in (*asked, content.get("vote", {})):
        _unique([one["value"] for one in question.get("options", [])], field="options")


def lacks(kind: Kind, content: Mapping[str, Any], due_date: date | None) -> list[str]:
    """Name the contract's fields that must be filled in before a draft can go out."""
    missing = []
    questions = content.get("questions", [])
    if kind is Kind.SURVEY and (not questions or any(map(_offers_one, questions))):
        missing.append("content.questions")
    if kind is Kind.VOTE and len(content["vote"].get("options", [])) < FEWEST_CHOICES:
        missing.append("content.vote.options")
    if kind is Kind.VOTE and due_date is None:
        missing.append("due_date")
    return missing


def _offers_one(question: Mapping[str, Any]) -> bool:
    """Whether there is nothing to choose from; without any choice it asks for a text."""
    return 0 < len(question.get("options", [])) < FEWEST_CHOICES


def _unique(names: Sequence[str], *, field: str) -> None:
    if len(set(names)) != len(names):
        raise ContentRefused("each of them has a name of its own", field=f"content.{field}")


def is_asked_on_paper(kind: Kind, content: Mapping[str, Any]) -> bool:
    """Whether a sheet that goes from door to door has a place for answers.

    A secret vote would be read by every neighbour. Where each member has a vote, a sheet of
    households does not tell whose it was, and so not who has cast one already; and who reads on
    paper alone is nobody's member.
    """
    if kind is Kind.VOTE:
        rules = content["vote"]
        return not rules.get("secret") and rules["electorate"] != MEMBERS
    return kind is not Kind.NOTICE


def check_on_paper(kind: Kind, content: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Raise AnswerInvalid where an answer from a sheet does not fit; it may leave questions out."""
    if not is_asked_on_paper(kind, content):
        raise AnswerInvalid("this is not answered on paper", problem="NOT_ON_PAPER")
    check_answer(kind, content, answer, partly=True)


def check_answer(
    kind: Kind, content: Mapping[str, Any], answer: Mapping[str, Any], *, partly: bool = False
) -> None:
    """Raise AnswerInvalid where an answer, as the contract's HouseholdAnswer, does not fit."""
    wanted = {
        Kind.NOTICE: "seen",
        Kind.ATTENDANCE: "attendance",
        Kind.SURVEY: "survey",
        Kind.VOTE: "vote",
    }[kind]
    if wanted not in answer or answer.get("seen") is False:
        raise AnswerInvalid(f"the circular is answered by {wanted}", problem="KIND")
    if kind is Kind.VOTE:
        options = {one["value"] for one in content["vote"]["options"]}
        if answer["vote"] not in options:
            raise AnswerInvalid("there is no such choice", problem="CHOICE")
    if kind is Kind.SURVEY:
        _check_survey(content["questions"], answer["survey"]["answers"], partly=partly)


def _check_survey(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]], *, partly: bool
) -> None:
    """Every answer is to a question; each question with choices is answered, unless partly."""
    asked = {question["key"]: question for question in questions}
    given = [one["question"] for one in answers]
    if len(set(given)) != len(given) or not asked.keys() >= set(given):
        raise AnswerInvalid("each answer is to one of the questions, once", problem="QUESTION")
    for one in answers:
        question = asked[one["question"]]
        options = {option["value"] for option in question.get("options", [])}
        choices = one.get("choices", [])
        if not options >= set(choices) or (len(choices) > 1 and not question.get("several")):
            raise AnswerInvalid("what was chosen is not offered so", problem="CHOICE")
        if options and one.get("text"):
            raise AnswerInvalid("a question with choices takes no text", problem="CHOICE")
    chosen = {one["question"] for one in answers if one.get("choices")}
    if not partly and {key for key, one in asked.items() if one.get("options")} - chosen:
        raise AnswerInvalid("a question with choices is not answered", problem="MISSING")

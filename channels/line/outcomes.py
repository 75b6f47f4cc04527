"""What LINE's answer to a push means for the dispatch.

Source: Messaging API reference, "Retrying an API request" and "Error messages".
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from channels.deliver import Attempt
from channels.line.quota import renewal
from todoke.v1.dispatches_pb2 import (
    BLAME_CONTENT,
    BLAME_RECIPIENTS,
    BLAME_UNSPECIFIED,
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_NOT_TAKEN,
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
    Blame,
)

log = structlog.get_logger()

NO_ANSWER = 0
ACCEPTED_BEFORE = 409
CONFIGURATION = {401, 403}
# Three things share the status 429, and only its words tell them apart.
MONTHLY_LIMIT = "monthly limit"
RATE_LIMIT = "rate limit"

AFTER_CONFIGURATION = 600
AFTER_MONTHLY_LIMIT = 3_600
AFTER_RATE_LIMIT = 2
AFTER_TOO_MANY_TO_ONE = 60
AFTER_TROUBLE = 5

OF_CONTENT = re.compile(r"\bmessages\b")
OF_RECIPIENTS = re.compile(r"\bto\[\d+\]|\bto:|property, to,|Failed to send messages")


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What LINE said: the HTTP status (0: nothing came), its words, and its request ids.

    `untried` where nothing was asked of LINE.
    """

    status: int
    message: str = ""
    request_ids: tuple[str, ...] = ()
    untried: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether LINE took it, now or at an earlier attempt under the same retry key."""
        return 200 <= self.status < 300 or self.status == ACCEPTED_BEFORE

    @property
    def is_refused(self) -> bool:
        """Whether the same request would be refused for ever."""
        return 400 <= self.status < 500 and self.status not in {
            *CONFIGURATION,
            ACCEPTED_BEFORE,
            408,
            429,
        }

    @property
    def is_quota_used_up(self) -> bool:
        """Whether the account has sent all that it may in this month."""
        return self.status == 429 and MONTHLY_LIMIT in self.message

    @property
    def concerns_all(self) -> bool:
        """Whether whatever is sent next, to whomever, would be answered alike for a while."""
        return self.is_quota_used_up or self.status in CONFIGURATION

    @property
    def is_untaken(self) -> bool:
        """Whether LINE surely took nothing, however long it is until it is asked again."""
        return self.untried or self.concerns_all

    @property
    def blame(self) -> Blame.ValueType:
        """What a refusal is for: the properties that LINE names tell."""
        if not self.is_refused:
            return BLAME_UNSPECIFIED
        if self.status != 400:  # Too large, or of a kind that LINE does not take.
            return BLAME_CONTENT
        if OF_RECIPIENTS.search(self.message):
            return BLAME_RECIPIENTS
        return BLAME_CONTENT if OF_CONTENT.search(self.message) else BLAME_UNSPECIFIED


def outcome(answer: LineAnswer, attempt: int) -> Attempt:
    """Tell what became of a push; `attempt` counts from 1 and lengthens the wait."""
    if answer.is_accepted:
        return Attempt(OUTCOME_RESULT_ACCEPTED, answer.request_ids)
    if answer.is_refused:
        log.error("line_refused", status=answer.status, message=answer.message)
        return Attempt(
            OUTCOME_RESULT_REFUSED, answer.request_ids, words(answer), blame=answer.blame
        )
    return Attempt(
        OUTCOME_RESULT_NOT_TAKEN if answer.is_untaken else OUTCOME_RESULT_TRY_AGAIN,
        answer.request_ids,
        words(answer),
        wait(answer, attempt),
        renewal=renewal_after(answer),
    )


def renewal_after(answer: LineAnswer) -> datetime | None:
    """Return when the allowance is renewed, where it is used up."""
    return renewal(datetime.now(UTC)) if answer.is_quota_used_up else None


def wait(answer: LineAnswer, attempt: int) -> int:
    """Return after how many seconds to try again."""
    if answer.status in CONFIGURATION:
        log.critical(
            "line_access_refused",
            status=answer.status,
            message=answer.message,
            remedy="check the channel access token and the account's plan, then restart",
        )
        return AFTER_CONFIGURATION
    if answer.is_quota_used_up:
        log.critical(
            "line_quota_used_up",
            message=answer.message,
            remedy="raise the plan in the LINE Official Account Manager, or wait for the month",
        )
        return AFTER_MONTHLY_LIMIT
    first = AFTER_TROUBLE
    if answer.status == 429:
        is_rate = RATE_LIMIT in answer.message
        first = AFTER_RATE_LIMIT if is_rate else AFTER_TOO_MANY_TO_ONE
    return int(min(first * 2 ** min(attempt - 1, 10), 300))


def words(answer: LineAnswer) -> str:
    """Return what staff read of it."""
    return f"{answer.status} {answer.message}" if answer.status else answer.message

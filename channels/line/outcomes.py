"""What LINE's answer to a push means for the dispatch.

Source: Messaging API reference, "Retrying an API request" and "Error messages".
"""

from dataclasses import dataclass

import structlog

from channels.deliver import Attempt
from todoke.v1.dispatches_pb2 import (
    OUTCOME_RESULT_ACCEPTED,
    OUTCOME_RESULT_REFUSED,
    OUTCOME_RESULT_TRY_AGAIN,
)

log = structlog.get_logger()

NO_ANSWER = 0
ACCEPTED_BEFORE = 409
CONFIGURATION = {401, 403}
MONTHLY_LIMIT = "monthly limit"

AFTER_CONFIGURATION = 600
AFTER_MONTHLY_LIMIT = 3_600
AFTER_RATE_LIMIT = 2
AFTER_TROUBLE = 5


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What LINE said: the HTTP status (0: nothing came), its words, and its request ids."""

    status: int
    message: str = ""
    request_ids: tuple[str, ...] = ()

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


def outcome(answer: LineAnswer, attempt: int) -> Attempt:
    """Tell what became of a push; `attempt` counts from 1 and lengthens the wait."""
    if answer.is_accepted:
        return Attempt(OUTCOME_RESULT_ACCEPTED, answer.request_ids)
    if answer.is_refused:
        log.error("line_refused", status=answer.status, message=answer.message)
        return Attempt(OUTCOME_RESULT_REFUSED, answer.request_ids, _words(answer))
    return Attempt(
        OUTCOME_RESULT_TRY_AGAIN, answer.request_ids, _words(answer), _wait(answer, attempt)
    )


def _wait(answer: LineAnswer, attempt: int) -> int:
    if answer.status in CONFIGURATION:
        log.critical(
            "line_access_refused",
            status=answer.status,
            message=answer.message,
            remedy="check the channel access token and the account's plan, then restart",
        )
        return AFTER_CONFIGURATION
    if answer.status == 429 and MONTHLY_LIMIT in answer.message:
        log.critical(
            "line_quota_used_up",
            message=answer.message,
            remedy="raise the plan in the LINE Official Account Manager, or wait for the month",
        )
        return AFTER_MONTHLY_LIMIT
    first = AFTER_RATE_LIMIT if answer.status == 429 else AFTER_TROUBLE
    return int(min(first * 2 ** min(attempt - 1, 10), 300))


def _words(answer: LineAnswer) -> str:
    return f"{answer.status} {answer.message}" if answer.status else answer.message

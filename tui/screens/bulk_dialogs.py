"""Deciding many applications at once: those that the queue is narrowed to, counted first."""

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from tui import formats
from tui.dates import Mistyped
from tui.desk import Desk, Queue
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.acting import Acting
from tui.screens.queue_filter import SCOPES, request_of

MOST_NAMED = 1000
"""More cannot be named one by one; a whole program can."""

PAGE = 200
VERBS = pb.BulkVerb.keys()[1:]


def by_states_alone(queue: Queue) -> bool:
    """Whether the core finds them by program and states, and they need not be named."""
    return not (queue.procedure or queue.who or queue.source or queue.before)


async def begin_bulk(screen: Acting) -> bool:
    """Ask from a worker what is to be done with what is seen; return whether it was begun."""
    desk, words = screen.desk, screen.words
    queue = desk.queue
    if not queue.program_id or queue.scope != "waiting":
        screen.tell(words("why.bulk_needs_program"), severity="warning")
        return False
    try:
        total, ids = await _looked_at(desk, queue)
    except CoreError as error:
        screen.tell(str(words.refusal(error)), severity="error")
        return False
    if not total:
        screen.tell(words("why.bulk_nothing"), severity="warning")
        return False
    if not by_states_alone(queue) and total > MOST_NAMED:
        screen.tell(words("why.bulk_too_many", most=formats.count(MOST_NAMED)), severity="warning")
        return False
    return await screen.ask_for(_ask(desk, queue, total, ids), "bulk.begun") is not None


async def _looked_at(desk: Desk, queue: Queue) -> tuple[int, list[str]]:
    """Count them, and name them where the core cannot find them alone; raise CoreError."""
    core, request = desk.core, request_of(desk, queue)
    request.page_size = 1 if by_states_alone(queue) else PAGE
    ids: list[str] = []
    while True:
        page = await core.ask(core.applications.ListApplications, request)
        ids.extend(one.application_id for one in page.applications)
        request.page_token = page.next_page_token
        if by_states_alone(queue):
            return page.total_size, []
        if not page.next_page_token or len(ids) > MOST_NAMED:
            return max(len(ids), page.total_size), ids


def _ask(desk: Desk, queue: Queue, total: int, ids: list[str]) -> Ask:
    words, core = desk.words, desk.core

    async def begin(answers: Answers, request_id: str) -> None:
        verb, reason = pb.BulkVerb.Value(str(answers["verb"])), str(answers["bulk_reason"])
        if verb == pb.BULK_VERB_REJECT and not reason:
            raise Mistyped("bulk_reason")
        request = pb.BeginBulkDecisionRequest(
            program_id=queue.program_id,
            states=SCOPES[queue.scope],
            application_ids=ids,
            verb=verb,
            reason=reason,
            expected_count=total,
            request_id=request_id,
        )
        await core.ask(core.applications.BeginBulkDecision, request)

    fields = (
        Field("verb", choices=[(words(f"bulk_verb.{name}"), name) for name in VERBS]),
        Field("bulk_reason", part="reason", hint="hint.reason"),
    )
    about = words("ask.bulk.about", total=formats.count(total))
    return Ask(words, "bulk", begin, about=about, fields=fields, grave=True)


def ask_cancel_bulk(desk: Desk, bulk: pb.BulkDecision) -> Ask:
    words, core = desk.words, desk.core

    async def cancel(answers: Answers, request_id: str) -> None:
        request = pb.CancelBulkDecisionRequest(
            bulk_decision_id=bulk.bulk_decision_id,
            reason=str(answers["reason"]),
            request_id=request_id,
        )
        await core.ask(core.applications.CancelBulkDecision, request)

    left = formats.count(bulk.total - bulk.decided - sum(bulk.refused.values()))
    about = words("ask.cancel_bulk.about", decided=formats.count(bulk.decided), left=left)
    fields = (Field("reason"),)
    return Ask(words, "cancel_bulk", cancel, about=about, fields=fields, grave=True)

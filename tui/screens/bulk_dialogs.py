"""Deciding many applications at once: those that the queue is narrowed to, counted first."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from todoke.client import CoreError
from todoke.v1 import applications_pb2 as pb
from tui import formats
from tui.dates import Mistyped
from tui.desk import Desk, Queue, request_id
from tui.dialogs.ask import Answers, Ask, Field
from tui.screens.acting import Acting
from tui.screens.queue_filter import SCOPES, request_of
from tui.wording import Words

MOST_NAMED = 1000
"""More cannot be named one by one; a whole program can."""

MOST_TRIED = 2000
"""As many are looked at before somebody says yes: in a second or two, whatever the number."""

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
    ended = await screen.ended(_ask(desk, queue, ids, total))
    if ended is None or not isinstance(ended.answer, _Chosen):
        return False
    return await screen.ask_for(_ask_again(desk, ended.answer), "bulk.begun") is not None


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


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What is to be done with how many, and how it went when it was tried without doing it."""

    begin: pb.BeginBulkDecisionRequest
    looked_at: int
    ready: int
    refused: Mapping[str, int]


def _ask(desk: Desk, queue: Queue, ids: list[str], total: int) -> Ask:
    """Ask what is to be done, and try it: nothing is changed yet."""
    words = desk.words

    async def tried(answers: Answers, _: str) -> _Chosen:
        verb, reason = pb.BulkVerb.Value(str(answers["verb"])), str(answers["bulk_reason"])
        if verb == pb.BULK_VERB_REJECT and not reason:
            raise Mistyped("bulk_reason")
        begin = pb.BeginBulkDecisionRequest(
            program_id=queue.program_id,
            states=SCOPES[queue.scope],
            application_ids=ids,
            verb=verb,
            reason=reason,
            expected_count=total,
        )
        return await _rehearsed(desk, begin)

    fields = (
        Field("verb", choices=[(words(f"bulk_verb.{name}"), name) for name in VERBS]),
        Field("bulk_reason", part="reason", hint="hint.reason"),
    )
    about = words("ask.bulk.about", total=formats.count(total))
    return Ask(words, "bulk", tried, about=about, fields=fields)


async def _rehearsed(desk: Desk, begin: pb.BeginBulkDecisionRequest) -> _Chosen:
    """Have the core say what would come of the first of them, part by part."""
    core, refused = desk.core, Counter[str]()
    request = pb.RehearseBulkDecisionRequest(
        program_id=begin.program_id,
        states=begin.states,
        application_ids=begin.application_ids,
        verb=begin.verb,
    )
    looked_at = ready = 0
    while True:
        part = await core.ask(core.applications.RehearseBulkDecision, request)
        looked_at, ready = looked_at + part.looked_at, ready + part.ready
        refused.update(part.refused)
        request.page_token = part.next_page_token
        if not request.page_token or looked_at >= MOST_TRIED:
            return _Chosen(begin, looked_at, ready, refused)


def _ask_again(desk: Desk, chosen: _Chosen) -> Ask:
    """Say how it went, and have the number typed before it is done."""
    words, core = desk.words, desk.core
    total = chosen.begin.expected_count

    async def begin(answers: Answers, once: str) -> None:
        typed = str(answers["bulk_count"]).replace(",", "")
        if unicodedata.normalize("NFKC", typed) != str(total):
            raise Mistyped("bulk_count")
        chosen.begin.request_id = once
        await core.ask(core.applications.BeginBulkDecision, chosen.begin)

    lines = [
        words(
            "bulk.tried",
            verb=words(f"bulk_verb.{pb.BulkVerb.Name(chosen.begin.verb)}"),
            looked_at=formats.count(chosen.looked_at),
            total=formats.count(total),
            ready=formats.count(chosen.ready),
        )
    ]
    lines += refused_lines(words, chosen.refused)
    lines.append(words("ask.bulk_confirm.about", total=formats.count(total)))
    fields = (Field("bulk_count", hint="hint.bulk_count", limit=9),)
    return Ask(words, "bulk_confirm", begin, about="\n".join(lines), fields=fields, grave=True)


def refused_lines(words: Words, refused: Mapping[str, int]) -> list[str]:
    """Say how many could not be decided for each reason, the most frequent first."""
    return [
        words(
            "bulk.refused",
            count=formats.count(count),
            what=words.reason(reason, {}).what,
        )
        for reason, count in sorted(refused.items(), key=lambda one: -one[1])
    ]


async def pause_bulk(desk: Desk, bulk: pb.BulkDecision) -> None:
    request = pb.PauseBulkDecisionRequest(
        bulk_decision_id=bulk.bulk_decision_id, request_id=request_id()
    )
    await desk.core.ask(desk.core.applications.PauseBulkDecision, request)


async def resume_bulk(desk: Desk, bulk: pb.BulkDecision) -> None:
    request = pb.ResumeBulkDecisionRequest(
        bulk_decision_id=bulk.bulk_decision_id, request_id=request_id()
    )
    await desk.core.ask(desk.core.applications.ResumeBulkDecision, request)


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

"""After a circular is out: who has read it, reminding, the paper round, and what was answered."""

from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import composing, desk, sessions, speaking
from channels.board.pages import board, page, problems
from channels.downloads import handed_on
from channels.forms import UUID
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb


@speaking.for_members
async def receipts(request: Request) -> Response:
    return await _receipts(request)


async def _receipts(request: Request, wrong: Problems = NO_PROBLEMS) -> Response:
    """List the target households, those first that have not read."""
    seat, circular = await desk.seat(request), await composing.found(request)
    method = board(request).core.circulars.ListReceipts
    own, id = speaking.own(request), circular.circular_id
    unread = await speaking.everything(
        request,
        method,
        pb.ListReceiptsRequest(speaker=own, circular_id=id, unread=True),
        "receipts",
    )
    everybody = await speaking.everything(
        request, method, pb.ListReceiptsRequest(speaker=own, circular_id=id), "receipts"
    )
    missing = {one.household.household_id for one in unread}
    read = [one for one in everybody if one.household.household_id not in missing]
    return page(
        request,
        "receipts.html",
        problems=wrong,
        seat=seat,
        circular=circular,
        unread=unread,
        read=read,
        is_open=circular.state == pb.CIRCULAR_STATE_PUBLISHED,
        is_withdrawn=circular.state == pb.CIRCULAR_STATE_WITHDRAWN,
        labels=labels(circular),
    )


@speaking.for_members
async def remind(request: Request) -> Response:
    """Remind those who have not read."""
    form = await speaking.read(request)
    asked = pb.RemindUnreadRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        request_id=forms.repeated(form),
    )
    try:
        told = await speaking.ask(request, board(request).core.circulars.RemindUnread, asked)
    except CoreError as error:
        return await _receipts(request, problems(request, error))
    name = "receipts.reminding" if told.waiting else "receipts.reminded"
    counts = {"count": told.reminded, "paper": told.paper, "waiting": told.waiting}
    sessions.of(request).say(name, **counts)
    return leads_to(desk.path(request, f"/c/{request.path_params['circular']}/receipts"))


@speaking.for_members
async def printed(request: Request) -> Response:
    """Hand on the circular with its round sheet, as one PDF."""
    group = request.query_params.get("group", "")
    asked = pb.PrintRoundRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        group_id=group if UUID.fullmatch(group) else "",
        unread=request.query_params.get("unread") == "yes",
    )
    core = board(request).core
    return await handed_on(core.watch(core.circulars.PrintRound, asked))


MOST_TEXTS = 200
"""So much of what was written stands on one page."""


@speaking.for_members
async def results(request: Request) -> Response:
    seat, circular = await desk.seat(request), await composing.found(request)
    asked = pb.GetCircularResultsRequest(
        speaker=speaking.own(request),
        circular_id=circular.circular_id,
        page_size=MOST_TEXTS,
        page_token=request.query_params.get("from", "")[:200],
    )
    counted, wrong = None, NO_PROBLEMS
    try:
        counted = await speaking.ask(
            request, board(request).core.circulars.GetCircularResults, asked
        )
    except CoreError as error:
        if error.reason != "VOTE_OPEN":
            raise
        wrong = problems(request, error)
    return page(
        request,
        "results.html",
        status=200,
        why=wrong.get("", ""),
        seat=seat,
        circular=circular,
        counted=counted,
        labels=labels(circular),
        goes_on="from" in request.query_params,
        texts={one.key: one.text for one in circular.content.questions},
    )


def labels(circular: pb.Circular) -> dict[str, dict[str, str]]:
    """Name choices as they are read, by question; a vote's stand under no question."""
    found = {
        question.key: {one.value: one.label for one in question.options}
        for question in circular.content.questions
    }
    found[""] = {one.value: one.label for one in circular.content.vote.options}
    return found

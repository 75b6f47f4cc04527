"""What came back on the round sheet, typed in household by household in walking order."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from channels import forms
from channels.board import composing, desk, following, paper_lines, sessions, speaking
from channels.board.desk import Seat
from channels.board.pages import board, page, problems, say
from channels.forms import UUID, Form
from channels.pages import NO_PROBLEMS, Problems, leads_to
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_BYTES = 512 * 1024
"""Of a form: a page of long surveys, each answered in words."""


@speaking.for_members
async def show(request: Request) -> Response:
    return await _shown(request)


async def _shown(
    request: Request, wrong: Problems = NO_PROBLEMS, form: Form | None = None
) -> Response:
    """Show the lines of a group, or of all, as they stand or as they were sent."""
    seat, circular = await desk.seat(request), await composing.found(request)
    listed = await _listed(request)
    is_open = circular.state == pb.CIRCULAR_STATE_PUBLISHED
    return page(
        request,
        "paper.html",
        problems=wrong,
        seat=seat,
        circular=circular,
        content=circular.content,
        labels=following.labels(circular),
        groups=_groups(seat, listed.receipts),
        filled=_filled(listed.receipts, form),
        is_asked=listed.asked_on_paper,
        takes_answers=listed.asked_on_paper and is_open,
        is_withdrawn=circular.state == pb.CIRCULAR_STATE_WITHDRAWN,
        group=_group(request),
        more=listed.next_page_token,
        goes_on="from" in request.query_params,
        request_id=form.request_id if form else "",
    )


async def _listed(request: Request) -> pb.ListReceiptsResponse:
    asked = pb.ListReceiptsRequest(
        speaker=speaking.own(request),
        circular_id=str(request.path_params["circular"]),
        group_id=_group(request),
        page_size=paper_lines.MOST_LINES,
        page_token=request.query_params.get("from", "")[:200],
    )
    listed: pb.ListReceiptsResponse = await speaking.ask(
        request, board(request).core.circulars.ListReceipts, asked
    )
    return listed


def _group(request: Request) -> str:
    group = request.query_params.get("group", "")
    return group if UUID.fullmatch(group) else ""


def _groups(seat: Seat, receipts: Sequence[pb.Receipt]) -> list[tuple[str, list[pb.Receipt]]]:
    """Return the lines under their groups' names, in walking order."""
    by_group = groupby(receipts, key=lambda one: one.household.group_id)
    return [(seat.group(id), list(lines)) for id, lines in by_group]


def _filled(receipts: Sequence[pb.Receipt], form: Form | None) -> dict[str, Form]:
    """Return what each line's fields hold; `was` stays that of the page that was sent."""
    lines = paper_lines.sent(form) if form else {}
    return {
        id: lines.get(id) or paper_lines.of(one)
        for one in receipts
        for id in [one.household.household_id]
    }


@speaking.for_members
async def take(request: Request) -> Response:
    """Write down the lines that were changed; what nobody touched is not sent again."""
    request.state.most_bytes = MOST_BYTES
    form, circular = await speaking.read(request), await composing.found(request)
    lines, wrong = [], {}
    for household, line in paper_lines.sent(form).items():
        if paper_lines.is_changed(line):
            read, found = paper_lines.read(household, line, circular)
            lines.append(read)
            for field, name in found.items():
                wrong[f"{household}.{field}"] = say(request, name)
    if wrong:
        return await _shown(request, wrong, form)
    done = pb.RecordPaperReceiptResponse()
    if lines:
        asked = pb.RecordPaperReceiptRequest(
            speaker=speaking.own(request),
            circular_id=circular.circular_id,
            lines=lines,
            request_id=forms.repeated(form),
        )
        core = board(request).core
        try:
            done = await speaking.ask(request, core.circulars.RecordPaperReceipt, asked)
        except CoreError as error:
            return await _shown(request, problems(request, error), form)
    _say(request, done)
    return leads_to(_next(request, form))


def _say(request: Request, done: pb.RecordPaperReceiptResponse) -> None:
    themselves = len(done.answered_themselves)
    if not done.recorded and not themselves:
        sessions.of(request).say("paper.nothing_new")
        return
    name = "paper.recorded_but" if themselves else "paper.recorded"
    sessions.of(request).say(name, count=done.recorded, themselves=themselves)


def _next(request: Request, form: Form) -> str:
    """Return where it goes on: at the lines after these, or here again."""
    path = desk.path(request, f"/c/{request.path_params['circular']}/paper")
    asked = dict(request.query_params)
    if form.one("do") == "next":
        asked["from"] = form.one("more")[:200]
    return f"{path}?{urlencode(asked)}" if asked else path

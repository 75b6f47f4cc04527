"""Deleting a registration: said twice, then told what stays."""

from starlette.requests import Request
from starlette.responses import Response

from channels.pages import Problems, leads_to
from channels.web import forms, sessions, speaking
from channels.web.pages import page, say, web
from todoke.v1.records_pb2 import DeleteResidentRequest

WORDS = {"削除", "さくじょ", "DELETE"}


@speaking.for_oneself
async def show(request: Request, wrong: Problems | None = None, request_id: str = "") -> Response:
    return page(request, "delete.html", problems=wrong or {}, request_id=request_id)


@speaking.for_oneself
async def delete(request: Request) -> Response:
    form = await forms.read(request)
    wrong = {}
    if form.one("understood") != "yes":
        wrong["understood"] = say(request, "delete.tick_missing")
    if form.one("word").upper() not in WORDS:
        wrong["word"] = say(request, "delete.word_missing")
    if wrong:
        return await show(request, wrong, form.request_id)
    asked = DeleteResidentRequest(resident=speaking.myself(request), request_id=form.request_id)
    done = await speaking.ask(request, web(request).core.records.DeleteResident, asked)
    sessions.of(request).signed_in = False
    speaking.left(request).kept = [done.kept_until, *done.kept]
    return leads_to("/goodbye")


async def goodbye(request: Request) -> Response:
    """Say what is kept and until when; to whom nothing was deleted it is the beginning."""
    kept = sessions.of(request).kept
    if not kept:
        return leads_to("/")
    return page(request, "goodbye.html", until=kept[0], kept=kept[1:])

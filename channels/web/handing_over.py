"""A conversation that goes on here, by a link from a chat: good once, for whoever presses first.

Opening the link takes nothing, for messengers open links to show what is behind them.
"""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from channels.pages import LANGUAGES, Problems, leads_to
from channels.remembering import fresh
from channels.web import forms, sessions, speaking
from channels.web.conversation import path_of, turn_id
from channels.web.pages import page, problems, web
from todoke.client import CoreError
from todoke.v1.applications_pb2 import TakeHandoverRequest


async def show(request: Request, wrong: Problems | None = None) -> Response:
    """Say what the link is for; in the browser that took it, it leads to what it was taken for."""
    token, session = request.path_params["token"], sessions.of(request)
    for id, link in session.links.items():
        if link == _digest(token) and id in session.pages:
            return leads_to(f"/a/{id}")
    return page(
        request,
        "go.html",
        problems=wrong or {},
        token=token,
        account_url=web(request).settings.line_account_url,
    )


def _digest(token: str) -> str:
    """Return what a browser may remember a link by."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


async def take(request: Request) -> Response:
    """Take the link, as a contact that is made for it and known to this browser alone."""
    await forms.read(request)
    external_id = fresh()
    asked = TakeHandoverRequest(
        external_id=external_id,
        token=request.path_params["token"],
        # Another contact is another request: the link is good once all the same.
        request_id=forms.new_id(),
    )
    try:
        # Where nothing was chosen here, the language is that of the chat.
        await speaking.see(request, external_id, sessions.of(request).language)
        made = await speaking.ask(request, web(request).core.applications.TakeHandover, asked)
    except CoreError as error:
        return await show(request, problems(request, error))
    session = sessions.of(request)
    id = turn_id(made.turn)
    if not session.language and made.turn.prompt.language in dict(LANGUAGES):
        session.language = made.turn.prompt.language
    web(request).sessions.hand(session, id, external_id)
    links = {**session.links, id: _digest(asked.token)}
    session.links = {one: link for one, link in links.items() if one in session.pages}
    return leads_to(path_of(made.turn, id))

"""What all pages share: who serves them, how they are worded and rendered."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from channels import wording
from channels.addresses import Addresses
from channels.card.card import Card
from channels.pages import LANGUAGES, NO_PROBLEMS, Problems, spoken_by, templates
from channels.web import forms, sessions
from channels.web.sessions import Sessions
from channels.web.settings import WebSettings
from channels.web.words import Reading, Words
from todoke.client import Core, CoreError

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates")


@dataclass(frozen=True, slots=True)
class Web:
    """Everything that lives as long as the adapter does."""

    core: Core
    card: Card
    settings: WebSettings
    sessions: Sessions
    http: httpx.AsyncClient
    addresses: Addresses
    uploading: asyncio.Semaphore
    """Held while files are read, so that those in memory at the same time are few."""


def web(request: Request) -> Web:
    there: Web = request.app.state.web
    return there


def language(request: Request) -> str:
    return spoken_by(request, sessions.of(request).language)


def say(request: Request, name: str, **places: object) -> str:
    """Word `subject.name`, a sentence of the catalogue's section `web_subject`."""
    return Words(language(request)).say(name, **places)


def problems(request: Request, error: CoreError, field: str = "") -> Problems:
    """Word what the core refused, beside a field; raises it again where nobody here can mend it."""
    if not wording.is_for_the_resident(error) or error.reason in NO_LONGER_SIGNED_IN:
        raise error
    return {field: wording.refusal(error.reason, language(request))}


NO_LONGER_SIGNED_IN = {"CONTACT_NOT_REGISTERED", "CONTACT_UNKNOWN"}


def page(
    request: Request,
    template: str,
    *,
    status: int = 0,
    problems: Problems = NO_PROBLEMS,
    **places: Any,
) -> Response:
    """Render a page; with problems it is a 422 unless told otherwise."""
    session = sessions.of(request)
    words = Words(language(request))
    said, session.said = session.said, ""
    html = TEMPLATES.get_template(template).render(
        say=words.say,
        words=words,
        read=Reading(words, is_wanted=session.ruby),
        lang=words.language,
        languages=LANGUAGES,
        city=web(request).settings.city,
        back=_address(request),
        session=session,
        csrf=session.csrf,
        request_id=places.pop("request_id", "") or forms.new_id(),
        said=words.say(said) if said else "",
        problems=problems,
        beside=places.pop("beside", problems),
        **places,
    )
    return HTMLResponse(html, status_code=status or (422 if problems else 200))


PAGE_OF = {
    "/card": "/",
    "/sign-in/code": "/sign-in",
    "/sign-in/passkey": "/sign-in",
    "/line/callback": "/sign-in",
    "/app/callback": "/app",
    "/me/acting": "/me/proxies",
    "/me/passkeys/delete": "/me/passkeys",
}
"""The page to come back to, for addresses that are none themselves."""


def _address(request: Request) -> str:
    path = request.url.path
    if path in PAGE_OF:
        return PAGE_OF[path]
    if path.startswith("/a/") and path.endswith("/files"):
        return path.removesuffix("/files")
    return f"{path}?{request.url.query}" if request.url.query else path

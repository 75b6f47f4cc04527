"""What all pages share: who serves them, how they are worded and rendered."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from channels import forms, wording
from channels.addresses import Addresses
from channels.board import sessions
from channels.board.sessions import Sessions
from channels.board.settings import BoardSettings
from channels.board.words import Words
from channels.pages import LANGUAGES, NO_PROBLEMS, Problems, spoken_by, templates
from channels.wording import JAPAN
from todoke.client import Core, CoreError

HERE = Path(__file__).parent
TEMPLATES = templates(HERE / "templates")


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that lives as long as the adapter does."""

    core: Core
    settings: BoardSettings
    sessions: Sessions
    addresses: Addresses
    uploading: asyncio.Semaphore
    """Held while files are read, so that those in memory at the same time are few."""


def board(request: Request) -> Board:
    there: Board = request.app.state.board
    return there


def language(request: Request) -> str:
    return spoken_by(request, sessions.of(request).language)


def say(request: Request, name: str, /, **places: object) -> str:
    return Words(language(request)).say(name, **places)


def problems(request: Request, error: CoreError, field: str = "") -> Problems:
    """Word what the core refused, beside a field; raises it again where nobody here can mend it."""
    if not wording.is_for_the_resident(error):
        raise error
    if error.reason == "CHANGED_MEANWHILE":
        return {field: say(request, "all.changed")}
    return {field: wording.refusal(error.reason, language(request))}


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
    said, session.said = session.said, []
    query = f"?{request.url.query}" if request.url.query else ""
    back = places.pop("back", "") or request.url.path + query
    html = TEMPLATES.get_template(template).render(
        say=words.say,
        words=words,
        lang=words.language,
        languages=LANGUAGES,
        city=board(request).settings.city,
        back=back,
        session=session,
        csrf=session.csrf,
        request_id=places.pop("request_id", "") or forms.new_id(),
        said=words.say(said[0], **said[1]) if said else "",
        problems=problems,
        beside=problems,
        **places,
    )
    return HTMLResponse(html, status_code=status or (422 if problems else 200))


def today(request: Request) -> date:
    """Return the day it is in Japan, by the adapter's clock."""
    return datetime.fromtimestamp(board(request).sessions.now, UTC).astimezone(JAPAN).date()

"""The screen of a community centre: what leaders made public, and nothing of any resident.

It needs no session and reads no cookie. A list that turns into pages where there is script.
"""

from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from channels import wording
from channels.board.pages import HERE, TEMPLATES, board
from channels.board.words import Words
from channels.downloads import handed_on
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

MOST_NOTICES = 20
KEPT = "no-cache"
"""The worker keeps the page for when the network is gone; each time it is asked for anew."""

WORKER: Path = HERE / "static" / "worker.js"


async def show(request: Request) -> Response:
    """Show the notices of the city, or of an association."""
    association = str(request.path_params.get("association", ""))
    found = await _notices(request, association)
    # A screen hangs on a wall: its language is the address's, not a browser's.
    words = Words(wording.spoken(request.query_params.get("language", "")[:20]))
    now = Timestamp()
    now.FromDatetime(datetime.fromtimestamp(board(request).sessions.now, UTC))
    html = TEMPLATES.get_template("screen.html").render(
        say=words.say,
        words=words,
        lang=words.language,
        city=board(request).settings.city,
        notices=found.notices,
        now=now,
        path=request.url.path,
    )
    return HTMLResponse(html, headers={"cache-control": KEPT})


async def _notices(request: Request, association: str) -> pb.ListBoardNoticesResponse:
    core = board(request).core
    asked = pb.ListBoardNoticesRequest(association_id=association, page_size=MOST_NOTICES)
    try:
        found: pb.ListBoardNoticesResponse = await core.ask(core.circulars.ListBoardNotices, asked)
    except CoreError as error:
        status = 404 if error.reason == "ASSOCIATION_UNKNOWN" else 503
        raise HTTPException(status) from None
    return found


async def picture(request: Request) -> Response:
    """Hand on a page of a file that stands on a public circular."""
    core = board(request).core
    asked = pb.DownloadCircularFileRequest(
        file_id=str(request.path_params["file"]), page=int(request.path_params["page"])
    )
    try:
        answer = await handed_on(
            core.watch(core.circulars.DownloadCircularFile, asked), is_shown=True
        )
    except CoreError as error:
        raise HTTPException(503 if error.passing else 404) from None
    answer.headers["cache-control"] = KEPT
    return answer


async def worker(_: Request) -> Response:
    """Give the worker from where it may keep all screens."""
    return FileResponse(WORKER, media_type="text/javascript", headers={"cache-control": KEPT})


async def refused(request: Request, error: Exception) -> Response:
    """Say what is wrong, on a page that tries again by itself."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = Words(wording.spoken(request.query_params.get("language", "")[:20]))
    name = "refused.nowhere" if status == 404 else "screen.away"
    html = TEMPLATES.get_template("screen_refused.html").render(
        say=words.say, lang=words.language, city=board(request).settings.city, why=words.say(name)
    )
    return HTMLResponse(html, status_code=status)

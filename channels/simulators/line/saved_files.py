"""What the phone's browser saved: the files that pages give to keep."""

import secrets
from urllib.parse import quote

import aiohttp
from starlette.requests import Request
from starlette.responses import Response

from channels.simulators.line.phone_api import platform_of
from channels.simulators.line.phone_page import SANDBOX, failure, templates
from channels.simulators.line.platform import SavedFile

MOST_FILES = 20
UNITS = (("MB", 1024 * 1024), ("KB", 1024))


def is_shown(answer: aiohttp.ClientResponse) -> bool:
    """Tell whether a phone shows an answer; what it cannot show, or is told to keep, it saves."""
    disposition = answer.content_disposition
    if disposition is not None and disposition.type == "attachment":
        return False
    return answer.content_type.startswith(("text/", "image/", "application/json"))


def save(request: Request, person_id: str, answer: aiohttp.ClientResponse, body: bytes) -> Response:
    """Keep the body of an answer, and say so with a link to it."""
    disposition = answer.content_disposition
    named = disposition.filename if disposition is not None else None
    # A name is no path, whatever the page says.
    name = (named or answer.url.name).replace("\\", "/").rpartition("/")[2] or "download"
    key = secrets.token_hex(8)
    drawer = platform_of(request).files.setdefault(person_id, {})
    drawer[key] = SavedFile(name=name, kind=answer.content_type, body=body)
    while len(drawer) > MOST_FILES:
        del drawer[next(iter(drawer))]
    page = {"name": name, "size": size_of(len(body)), "url": f"/phone/{person_id}/files/{key}"}
    return templates.TemplateResponse(request, "saved_file.html", page, headers=SANDBOX)


async def saved_file(request: Request) -> Response:
    """Hand a saved file to whoever holds the phone."""
    drawer = platform_of(request).files.get(request.path_params["person_id"], {})
    file = drawer.get(request.path_params["key"])
    if file is None:
        return failure(request, "このファイルは、もうありません。", 404)
    return Response(
        file.body,
        media_type=file.kind,
        headers={
            "content-disposition": f"attachment; filename*=utf-8''{quote(file.name, safe='')}"
        },
    )


def size_of(count: int) -> str:
    """Say a size as phones do."""
    for unit, bytes_in_it in UNITS:
        if count >= bytes_in_it:
            return f"{count / bytes_in_it:.1f} {unit}"
    return f"{count} バイト"

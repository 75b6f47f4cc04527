"""The browser inside the phone: fetches a page of this machine and shows it in the chat's frame.

The frame's page comes from the simulator itself, so that a `todoke-card:` link leads to the phone's
own card sheet without any script in the page. An address of LINE Login leads to the phone's own
sign-in, as it opens the LINE app on a real one: there the person is known.
"""

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import aiohttp
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels.simulators.line import login_page, saved_files
from channels.simulators.line.loopback import is_here
from channels.simulators.line.phone_api import platform_of
from channels.simulators.line.phone_page import SANDBOX, failure
from channels.simulators.line.rewriter import Rewriter, link

PATIENCE = aiohttp.ClientTimeout(total=20)
HEADERS = {
    "accept": "text/html,image/*;q=0.9,*/*;q=0.8",
    "accept-language": "ja",
    "user-agent": "Mozilla/5.0 (Linux; Android 16; simulated) Mobile Line/15.0.0",
}


async def browse(request: Request) -> Response:
    """Fetch `url`; other query values are a GET form's, and go to the page asked for."""
    person_id = request.path_params["person_id"]
    values = request.query_params.multi_items()
    url = next((value for name, value in values if name == "url"), "")
    if not is_here(url):
        return failure(request, "このスマートフォンでは開けないページです。", 400)
    rest = _without_first_url(values) if request.method == "GET" else []
    if rest:
        parts = urlsplit(url)
        query = urlencode(parse_qsl(parts.query, keep_blank_values=True) + rest)
        url = urlunsplit(parts._replace(query=query))
    if request.method == "GET" and _is_sign_in(request, url):
        return RedirectResponse(f"/phone/{person_id}/login?{urlsplit(url).query}", 302)
    try:
        return await _fetch(request, url, person_id)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return failure(request, "ページを開けませんでした。", 502)


async def _fetch(request: Request, url: str, person_id: str) -> Response:
    platform = platform_of(request)
    async with (
        aiohttp.ClientSession(
            connector=platform.http.connector,
            connector_owner=False,
            cookie_jar=platform.cookies.of(person_id),
        ) as http,
        http.request(
            request.method,
            url,
            data=await request.body() or None,
            headers=_headers(request),
            timeout=PATIENCE,
            allow_redirects=False,
        ) as answer,
    ):
        body = await answer.read()
        if "set-cookie" in answer.headers:
            platform.cookies.keep(person_id)
        target = answer.headers.get("location")
        if answer.status in {301, 302, 303, 307, 308} and target:
            return RedirectResponse(link(person_id, urljoin(url, target)), answer.status)
        if body and not saved_files.is_shown(answer):
            return saved_files.save(request, person_id, answer, body)
        if answer.content_type == "text/html":
            page = Rewriter(person_id, url)
            page.feed(body.decode(answer.charset or "utf-8", "replace"))
            page.close()
            return Response(
                "".join(page.out), answer.status, media_type="text/html", headers=SANDBOX
            )
        kind = answer.headers.get("content-type", "text/plain")
        return Response(body, answer.status, media_type=kind, headers=SANDBOX)


def _headers(request: Request) -> dict[str, str]:
    """Say what a browser says; where the reader came from (`Referer`) is kept to itself."""
    headers = dict(HEADERS)
    if kind := request.headers.get("content-type"):
        headers["content-type"] = kind
    if request.method == "POST" and (origin := request.query_params.get("origin")):
        headers["origin"] = origin
    return headers


def _is_sign_in(request: Request, url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == login_page.PATH and parts.port == request.url.port


def _without_first_url(values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for name, _ in values]
    first = names.index("url")
    return values[:first] + values[first + 1 :]

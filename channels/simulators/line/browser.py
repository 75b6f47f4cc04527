"""The browser inside the phone: fetches a page of this machine and shows it in the chat's frame.

The frame's page comes from the simulator itself, so that a `todoke-card:` link leads to the phone's
own card sheet without any script in the page.
"""

from html import escape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import aiohttp
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels.simulators.line.loopback import is_here
from channels.simulators.line.phone_api import platform_of
from channels.simulators.line.phone_page import templates

CARD_SCHEME = "todoke-card:"
PATIENCE = aiohttp.ClientTimeout(total=20)
# Pages of other origins run no script in the phone's own origin.
SANDBOX = {"content-security-policy": "sandbox allow-forms allow-same-origin"}
LOADED = {"src", "href"}


async def browse(request: Request) -> Response:
    """Fetch `url`; other query values are a GET form's, and go to the page asked for."""
    person_id = request.path_params["person_id"]
    values = request.query_params.multi_items()
    url = next((value for name, value in values if name == "url"), "")
    if not is_here(url):
        return _failure(request, "このスマートフォンでは開けないページです。", 400)
    rest = _without_first_url(values)
    if rest:
        parts = urlsplit(url)
        query = urlencode(parse_qsl(parts.query) + rest)
        url = urlunsplit(parts._replace(query=query))
    try:
        return await _fetch(request, url, person_id)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return _failure(request, "ページを開けませんでした。", 502)


async def _fetch(request: Request, url: str, person_id: str) -> Response:
    platform = platform_of(request)
    jar = platform.cookies.setdefault(person_id, aiohttp.CookieJar(unsafe=True))
    headers = {"accept-language": "ja"}
    if kind := request.headers.get("content-type"):
        headers["content-type"] = kind
    async with (
        aiohttp.ClientSession(
            connector=platform.http.connector, connector_owner=False, cookie_jar=jar
        ) as http,
        http.request(
            request.method,
            url,
            data=await request.body() or None,
            headers=headers,
            timeout=PATIENCE,
            allow_redirects=False,
        ) as answer,
    ):
        body = await answer.read()
        target = answer.headers.get("location")
        if answer.status in {301, 302, 303, 307, 308} and target:
            return RedirectResponse(_link(person_id, urljoin(url, target)), answer.status)
        kind = answer.content_type
        if kind == "text/html":
            page = Rewriter(person_id, url)
            page.feed(body.decode(answer.charset or "utf-8", "replace"))
            page.close()
            return Response(
                "".join(page.out), answer.status, media_type="text/html", headers=SANDBOX
            )
        return Response(body, answer.status, media_type=kind, headers=SANDBOX)


def _without_first_url(values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for name, _ in values]
    first = names.index("url")
    return values[:first] + values[first + 1 :]


def _failure(request: Request, words: str, status: int) -> Response:
    return templates.TemplateResponse(
        request, "unreachable.html", {"words": words}, status_code=status
    )


def _link(person_id: str, url: str) -> str:
    if url.startswith(CARD_SCHEME):
        return f"/phone/{person_id}/card?request={quote(url.removeprefix(CARD_SCHEME), safe='')}"
    if urlsplit(url).scheme in {"http", "https"}:
        return f"/phone/{person_id}/browse?url={quote(url, safe='')}"
    return url


class Rewriter(HTMLParser):
    """Copies a page, leading its links and forms through the phone and its assets to their home."""

    def __init__(self, person_id: str, url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._person_id = person_id
        self._url = url

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs, ">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs, " />")

    def _open(self, tag: str, attrs: list[tuple[str, str | None]], end: str) -> None:
        changed = [(name, self._changed(tag, name, value)) for name, value in attrs]
        target = ""
        if tag == "form":
            fields = dict(attrs)
            target = urljoin(self._url, fields.get("action") or "")
            is_get = (fields.get("method") or "get").lower() == "get"
            changed = [(name, value) for name, value in changed if name != "action"]
            here = f"/phone/{self._person_id}/browse"
            changed.append(("action", here if is_get else _link(self._person_id, target)))
            target = target if is_get else ""
        self.out.append(_tag(tag, changed, end))
        if target:
            self.out.append(_tag("input", [("type", "hidden"), ("name", "url"), ("value", target)]))

    def _changed(self, tag: str, name: str, value: str | None) -> str | None:
        if name not in LOADED or value is None or value.startswith("#"):
            return value
        if tag in {"a", "area"}:
            whole = value if value.startswith(CARD_SCHEME) else urljoin(self._url, value)
            return _link(self._person_id, whole)
        return urljoin(self._url, value)

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _tag(tag: str, attributes: list[tuple[str, str | None]], end: str = ">") -> str:
    words = [
        name if value is None else f'{name}="{escape(value)}"'
        for name, value in attributes
        if name != "target"
    ]
    return f"<{' '.join([tag, *words])}{end}"

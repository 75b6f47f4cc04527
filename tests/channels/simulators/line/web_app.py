"""A web app for the phone's browser: signs in with LINE, keeps a session, takes and gives files."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from channels.simulators.line.settings import LoginChannel
from tests.channels.serving import serving
from tests.channels.simulators.line.simulator import Answered, Line

LOGIN = LoginChannel(id="2000000001", secret="0f1e2d3c4b5a69788796a5b4c3d2e1f0")
SESSION = "__Host-session"
VERIFIER = "a-verifier-of-forty-three-letters-or-more.~_1"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)

PAGE = """<!doctype html><html lang="ja"><title>市のウェブ</title><base href="/town/">
<p id="who">{who}</p><img src="/photo" srcset="/photo?2 2x" alt="">
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="letter"><input name="memo"><button>送る</button>
<button formaction="/elsewhere">他へ</button></form>
<form action="/search?old=1"><input name="q" value=""><button>さがす</button></form>
<a href="hall">案内</a> <a href="/letter.pdf#page=2">通知書</a></html>"""
PDF = b"%PDF-1.7\n" + bytes(2_000)


def asking(line: Line, callback: str, **more: str) -> str:
    """Make an authorization URL; a parameter given as empty is left out."""
    values = {
        "response_type": "code",
        "client_id": LOGIN.id,
        "redirect_uri": callback,
        "state": "a state",
        "scope": "openid profile",
        "nonce": "a-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **more,
    }
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{line.url}/oauth2/v2.1/authorize?{query}"


async def exchange(line: Line, code: str, callback: str, **more: str) -> Answered:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "client_id": LOGIN.id,
        "client_secret": LOGIN.secret,
        "code_verifier": VERIFIER,
        **more,
    }
    form = {name: value for name, value in form.items() if value}
    return await line.ask("POST", "/oauth2/v2.1/token", data=form)


async def verify(line: Line, token: str, **more: str) -> Answered:
    form = {"id_token": token, "client_id": LOGIN.id, **more}
    return await line.ask("POST", "/oauth2/v2.1/verify", data=form)


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@dataclass
class WebApp:
    """`seen` has the headers of every request, by its path; `line` is set by whoever needs it."""

    url: str = ""
    line: Line | None = None
    elsewhere: str = ""
    sessions: dict[str, str] = field(default_factory=dict)
    seen: dict[str, dict[str, str]] = field(default_factory=dict)
    uploads: list[tuple[str, bytes, str]] = field(default_factory=list)

    def routes(self) -> list[Route]:
        pages: dict[str, Any] = {
            "/": self.home,
            "/sign-in": self.sign_in,
            "/callback": self.callback,
            "/upload": self.upload,
            "/elsewhere": self.go_elsewhere,
            "/photo": self.photo,
            "/letter.pdf": self.letter,
            "/table": self.table,
            "/cookies": self.cookies,
        }
        return [
            Route(path, self._noting(page), methods=["GET", "POST"]) for path, page in pages.items()
        ]

    def _noting(self, page: Any) -> Any:
        async def answer(request: Request) -> Response:
            self.seen[request.url.path] = dict(request.headers)
            return await page(request)

        return answer

    def _who(self, request: Request) -> str:
        return self.sessions.get(request.cookies.get(SESSION, ""), "")

    async def home(self, request: Request) -> Response:
        return HTMLResponse(PAGE.format(who=self._who(request)))

    async def sign_in(self, _: Request) -> Response:
        assert self.line is not None
        answer = RedirectResponse(asking(self.line, f"{self.url}/callback"), 303)
        answer.set_cookie("state", "a state", httponly=True, samesite="lax")
        return answer

    async def callback(self, request: Request) -> Response:
        assert self.line is not None
        query = request.query_params
        if "error" in query or query.get("state") != request.cookies.get("state"):
            return HTMLResponse(f"<p id=refused>{query.get('error')}</p>", 403)
        tokens = await exchange(self.line, query["code"], f"{self.url}/callback")
        claims = (await verify(self.line, tokens.body["id_token"], nonce="a-nonce")).body
        session = secrets.token_urlsafe(8)
        self.sessions[session] = claims["sub"]
        answer = RedirectResponse("/", 303)
        answer.set_cookie(SESSION, session, secure=True, httponly=True, samesite="strict")
        return answer

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            letter: Any = form["letter"]
            self.uploads.append((letter.filename, await letter.read(), str(form["memo"])))
        return RedirectResponse("/", 303)

    async def go_elsewhere(self, _: Request) -> Response:
        return RedirectResponse(f"{self.elsewhere}/ask?back={self.url}/", 303)

    async def photo(self, request: Request) -> Response:
        status = 200 if self._who(request) else 403
        return Response(b"\x89PNG", status, media_type="image/png")

    async def letter(self, request: Request) -> Response:
        return Response(PDF, media_type="application/pdf")

    async def table(self, request: Request) -> Response:
        named = "attachment; filename=x.csv; filename*=UTF-8''..%2F%E5%90%8D%E7%B0%BF.csv"
        return Response(
            "番号,氏名\r\n", media_type="text/csv", headers={"content-disposition": named}
        )

    async def cookies(self, request: Request) -> Response:
        sent = request.headers.get("cookie", "")
        answer = Response(sent, media_type="text/plain")
        for header in (
            "__Host-a=1; Secure; HttpOnly; SameSite=Strict; Path=/",
            "__Host-b=2; Path=/",
            "__Host-c=3; Secure; Path=/cookies",
            "__Secure-d=4; Secure",
            "__Secure-e=5",
            "plain=eyJ4Ijoi/w==; HttpOnly; SameSite=Lax",
        ):
            answer.headers.append("set-cookie", header)
        return answer


@asynccontextmanager
async def a_web_app() -> AsyncIterator[WebApp]:
    """Run the web app, and an identity app on another port that it sends people to and fro."""
    app = WebApp()

    async def ask(request: Request) -> Response:
        back = request.query_params["back"]
        if request.method == "POST":
            return RedirectResponse(back, 302)
        return HTMLResponse(
            f'<form method="post" action="?back={back}"><button>はい</button></form>'
        )

    other = Starlette(routes=[Route("/ask", ask, methods=["GET", "POST"])])
    async with (
        serving(other) as app.elsewhere,
        serving(Starlette(routes=app.routes())) as app.url,
    ):
        yield app


async def opened(line: Line, path: str, method: str = "GET", **more: Any) -> tuple[str, str]:
    """Open a page of the phone; returns what it shows and where that is."""
    async with line.http.request(method, line.url + path, **more) as answer:
        return await answer.text(), str(answer.url)


async def unfollowed(line: Line, path: str, method: str = "GET", **more: Any) -> tuple[int, str]:
    """Ask without following where the answer leads; returns its status and that address."""
    url = path if path.startswith("http") else line.url + path
    async with line.http.request(method, url, allow_redirects=False, **more) as answer:
        return answer.status, answer.headers.get("location", "")

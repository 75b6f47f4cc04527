"""A page of the city hall for the phone's browser: consent, a form, and what a card signed."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from channels.simulators.card import CardLocked, NoSuchCard, WrongPin
from tests.channels.serving import serving

CONSENT = "とどけ市の給付金のために、基本4情報を使うことに同意します。\n2026年11月23日"
PIN = "ABC123"
CARD = "card-1"

PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>登録</title>
<style>body {{ font-family: sans-serif; padding: 16px }}</style>
<h1>本人の確認 &amp; 同意</h1><p>{consent}</p>
<a href="todoke-card:{url}request" target="_blank">カードで署名する</a> <a href="#top">上へ</a>
<form method="get" action="find"><input name="town"><button>さがす</button></form>
<form method="post" action="/sent"><input name="memo" value="めも"><button>送る</button></form>
<svg viewBox="0 0 9 9"><path d="M0 0" /><path d="M1 1" /></svg><p id="found">{found}</p></html>"""


@dataclass
class CityHall:
    url: str = ""
    reason: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)

    async def page(self, request: Request) -> Response:
        found = request.query_params.get("town", "") or request.cookies.get("memo", "")
        return HTMLResponse(PAGE.format(consent=CONSENT, url=f"{self.url}/", found=found))

    async def sent(self, request: Request) -> Response:
        async with request.form() as form:
            answer = RedirectResponse("/page", 303)
            answer.set_cookie("memo", str(len(str(form["memo"]))))
            return answer

    async def request(self, _: Request) -> Response:
        return JSONResponse(
            {
                "text": CONSENT,
                "callback": f"{self.url}/callback",
                "expires_at": "2026-11-23T12:00:00Z",
            }
        )

    async def callback(self, request: Request) -> Response:
        self.taken.append(await request.json())
        if self.reason:
            return JSONResponse({"message": "証明書が失効しています。", "reason": self.reason}, 422)
        return JSONResponse({"message": "本人確認ができました。トークに戻ってください。"})


@asynccontextmanager
async def a_city_hall(reason: str = "") -> AsyncIterator[CityHall]:
    hall = CityHall(reason=reason)
    app = Starlette(
        routes=[
            Route("/page", hall.page),
            Route("/find", hall.page),
            Route("/sent", hall.sent, methods=["POST"]),
            Route("/request", hall.request),
            Route("/callback", hall.callback, methods=["POST"]),
        ]
    )
    async with serving(app) as hall.url:
        yield hall


@dataclass(frozen=True)
class Signed:
    certificate: bytes
    signature: bytes


class Purse:
    """A wallet of one card, that signs by turning the text around."""

    tries = 5

    def sign(self, card_id: str, pin: str, text: bytes) -> Signed:
        if card_id != CARD:
            raise NoSuchCard
        if not self.tries:
            raise CardLocked
        if pin != PIN:
            self.tries -= 1
            raise WrongPin(self.tries)
        self.tries = 5
        return Signed(b"certificate", text[::-1])


def signed_text(taken: dict[str, Any]) -> str:
    return base64.b64decode(taken["signature"])[::-1].decode()

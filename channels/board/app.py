"""The adapter as one web application: members' pages, the leaders' desk, the screen, its health."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.addresses import Addresses
from channels.board import (
    appointing,
    commenting,
    composing,
    desk,
    following,
    households,
    joining,
    members,
    offices,
    paper,
    people,
    publishing,
    reading,
    refusing,
    screen,
)
from channels.board.desk import NotYours
from channels.board.pages import HERE, Board
from channels.board.sessions import Session, Sessions
from channels.board.settings import BoardSettings
from channels.board.speaking import ActsNoMore
from channels.card.card import HERE as CARD
from channels.forms import Limiting
from channels.guarding import POLICY, Guarding
from channels.health import health
from channels.multipart import TooLarge
from channels.remembering import Clock, Remembering
from channels.settings import keys_in
from todoke.client import CoreError

UPLOADS_AT_ONCE = 4
WORKING = f"{POLICY}; worker-src 'self'"

POST = ["POST"]
FILE = "/files/{file:uuid}"
D = "/desk/{association:uuid}"
C = D + "/c/{circular:uuid}"
FOR = "/for/{resident:uuid}"

MEMBERS = [
    Route("/", members.show),
    Route("/language", members.language, methods=POST),
    Route("/join", joining.show),
    Route("/join", joining.join, methods=POST),
    Route("/join/{code}", joining.show),
    Route("/joined", joining.joined),
    Route("/link", joining.linking),
    Route("/link", joining.link, methods=POST),
    Route("/link/{code}", joining.linking),
    Route("/device", joining.device),
    Route("/device", joining.make_code, methods=POST),
    Route("/out", joining.out, methods=POST),
    Route("/associations", members.associations),
    Route("/associations/{member:uuid}/care", members.care, methods=POST),
    Route("/associations/{member:uuid}/leave", members.leaving),
    Route("/associations/{member:uuid}/leave", members.leave, methods=POST),
    Route("/c/{circular:uuid}", reading.show),
    Route("/c/{circular:uuid}", reading.take, methods=POST),
    Route(FILE, reading.file),
    Route(FILE + "/{page:int}", reading.file),
    Route(FOR + "/", members.show),
    Route(FOR + "/c/{circular:uuid}", reading.show),
    Route(FOR + "/c/{circular:uuid}", reading.take, methods=POST),
    Route(FOR + FILE, reading.file),
    Route(FOR + FILE + "/{page:int}", reading.file),
]
DESK = [
    Route(D, desk.show),
    Route(D + "/new", composing.kinds),
    Route(D + "/new/{kind}", composing.new),
    Route(D + "/new/{kind}", composing.create, methods=POST),
    Route(C, publishing.show),
    Route(C, publishing.publish, methods=POST),
    Route(C + "/edit", composing.edit),
    Route(C + "/edit", composing.change, methods=POST),
    Route(C + "/correct", composing.correcting),
    Route(C + "/correct", composing.correct, methods=POST),
    Route(C + "/withdraw", publishing.withdrawing),
    Route(C + "/withdraw", publishing.withdraw, methods=POST),
    Route(C + "/receipts", following.receipts),
    Route(C + "/receipts", following.remind, methods=POST),
    Route(C + "/round.pdf", following.printed),
    Route(C + "/paper", paper.show),
    Route(C + "/paper", paper.take, methods=POST),
    Route(C + "/results", following.results),
    Route(C + "/comments", commenting.show),
    Route(C + "/comments", commenting.take, methods=POST),
    Route(D + "/forward/{circular:uuid}", publishing.forwarding),
    Route(D + "/forward/{circular:uuid}", publishing.forward, methods=POST),
    Route(D + "/joining", people.requests),
    Route(D + "/joining", people.decide, methods=POST),
    Route(D + "/invite", people.inviting),
    Route(D + "/invite", people.invite, methods=POST),
    Route(D + "/households", households.show),
    Route(D + "/households/new", households.new),
    Route(D + "/households/new", households.take, methods=POST),
    Route(D + "/households/{household:uuid}", households.household),
    Route(D + "/households/{household:uuid}", households.take, methods=POST),
    Route(D + "/care", households.care),
    Route(D + "/groups/new", households.group),
    Route(D + "/groups/new", households.save_group, methods=POST),
    Route(D + "/groups/{group:uuid}", households.group),
    Route(D + "/groups/{group:uuid}", households.save_group, methods=POST),
    Route(D + "/offices", offices.show),
    Route(D + "/offices", offices.end, methods=POST),
    Route(D + "/offices/new", appointing.show),
    Route(D + "/offices/new", appointing.appoint, methods=POST),
    Route(D + "/handover", offices.handing_over),
    Route(D + "/handover", offices.hand_over, methods=POST),
]
SCREEN = [
    Route("/", screen.show),
    Route("/worker.js", screen.worker),
    Route("/{association:uuid}", screen.show),
    Route(FILE + "/{page:int}", screen.picture),
]


async def _to_screen(_: Request) -> Response:
    """Lead to where the worker may keep the page: it is only asked below its own address."""
    return RedirectResponse("/screen/")


def _routes(board: Board) -> list[BaseRoute]:
    pages = Starlette(
        routes=[*MEMBERS, *DESK],
        middleware=[
            Middleware(Limiting),
            Middleware(Remembering[Session], sessions=board.sessions),
        ],
        exception_handlers={
            HTTPException: refusing.http,
            TooLarge: refusing.large,
            CoreError: refusing.core,
            ActsNoMore: refusing.acts_no_more,
            NotYours: refusing.not_yours,
            Exception: refusing.bug,
        },
    )
    screens = Starlette(
        routes=SCREEN,
        exception_handlers={HTTPException: screen.refused, Exception: screen.refused},
    )
    for app in (pages, screens):
        app.state.board = board
    return [
        health(board.core),
        Mount("/static", StaticFiles(directory=CARD / "static")),
        Mount("/script", StaticFiles(directory=HERE / "static")),
        Route("/screen", _to_screen, methods=["GET"]),
        Mount("/screen", screens),
        Mount("/", pages),
    ]


def _board(settings: BoardSettings, clock: Clock) -> Board:
    return Board(
        core=settings.core(),
        settings=settings,
        sessions=Sessions(
            keys_in(settings.session_key_file),
            secure=settings.public_url.startswith("https:"),
            clock=clock,
        ),
        addresses=Addresses(clock),
        uploading=asyncio.Semaphore(UPLOADS_AT_ONCE),
    )


def create_app(settings: BoardSettings, clock: Clock = time.time) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        board = _board(settings, clock)
        app.state.board = board
        app.router.routes.extend(_routes(board))
        try:
            yield
        finally:
            await board.core.close()

    return Starlette(lifespan=lifespan, middleware=[Middleware(Guarding, policy=WORKING)])

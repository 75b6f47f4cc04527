"""Codes that were made for whoever is here, kept in the session and in no address."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.requests import Request

from channels.board import sessions
from channels.board.pages import board
from channels.codes import Code


def keep(request: Request, what: str, code: str, until: Timestamp, about: str = "") -> None:
    sessions.of(request).codes[what] = [code, until.ToJsonString(), about]


def about(request: Request, what: str) -> str:
    """Return what was kept with the code, such as the household it is for; else nothing."""
    return sessions.of(request).codes.get(what, ["", "", ""])[2]


def shown(request: Request, what: str) -> Code | None:
    """Find the code that is still good."""
    kept = sessions.of(request).codes
    if what not in kept:
        return None
    code, iso, _ = kept[what]
    until = Timestamp()
    until.FromJsonString(iso)
    if until.ToDatetime(UTC) <= datetime.fromtimestamp(board(request).sessions.now, UTC):
        del kept[what]
        return None
    return Code(code, until)

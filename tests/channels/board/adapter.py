"""Makers for the tests of the boards: the adapter behind a browser, before a scripted core."""

import html
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from channels.board.app import create_app
from channels.board.settings import BoardSettings
from tests.channels.board.scripted import CODE, Town, an_office
from tests.channels.fake_core import TOKEN, FakeCore, fake_core
from todoke.v1 import circulars_pb2 as pb

ORIGIN = "https://board.todoke.example"
KEY = Fernet.generate_key().decode()


def some_settings(folder: Path, core: str, **more: Any) -> BoardSettings:
    (folder / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    (folder / "keys").write_text(f"{KEY}\n", encoding="utf-8")
    given: dict[str, Any] = {
        "core_address": core,
        "core_token_file": folder / "token",
        "session_key_file": folder / "keys",
        "public_url": ORIGIN,
        "city": "とどけ市",
    }
    return BoardSettings(**{**given, **more})


@dataclass
class Person:
    """Somebody with a browser: a form is sent with what its page put into it."""

    http: httpx.AsyncClient
    core: FakeCore
    town: Town
    app: Any
    """The boards, where others open browsers, too."""

    page: str = ""
    status: int = 0
    where: str = ""
    answer: httpx.Response | None = None

    async def get(self, path: str, **more: Any) -> str:
        return self._took(await self.http.get(path, **more))

    async def send(self, holding: str, fields: Any = None, files: Any = None, **more: Any) -> str:
        """Fill in and send the form of this page that holds these characters."""
        for found in re.finditer(r"<form([^>]*)>(.*?)</form>", self.page, re.DOTALL):
            if holding in found[0]:
                break
        else:
            raise AssertionError(f"no form with {holding} on this page")
        action = re.search(r'action="([^"]*)"', found[1])
        inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[2])
        given: dict[str, Any] = {name: html.unescape(value) for name, value in inputs}
        given |= {**(fields or {}), **more}
        path = html.unescape(action[1]) if action else self.where
        if "multipart" in found[1]:
            files = files or [("files", ("", b""))]
        return self._took(await self.http.post(path, data=given, files=files))

    def asked(self, name: str) -> Any:
        """The last request of an RPC."""
        return self.core.calls[name][-1]

    def _took(self, answer: httpx.Response) -> str:
        self.answer, self.status = answer, answer.status_code
        self.page, self.where = answer.text, answer.url.path
        return self.page

    async def join(self) -> None:
        await self.get(f"/join/{CODE}")
        await self.send('name="code"', code=CODE, name="花子")
        assert self.where == "/joined", self.page


@asynccontextmanager
async def browsing(folder: Path, *, town: Town | None = None, **more: Any) -> AsyncIterator[Person]:
    """Open a browser before the boards and a scripted core."""
    town = town or Town()
    async with fake_core() as core:
        core.script.update(town.answers())
        app = create_app(some_settings(folder, core.address), more.pop("clock", time.time))
        async with app.router.lifespan_context(app), somebody(app, core, town) as person:
            yield person


@asynccontextmanager
async def somebody(app: Any, core: FakeCore, town: Town) -> AsyncIterator[Person]:
    """Open one more browser at the same boards."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=ORIGIN, follow_redirects=True
    ) as http:
        yield Person(http, core, town, app)


@asynccontextmanager
async def an_officer(folder: Path, *offices: pb.Office, **more: Any) -> AsyncIterator[Person]:
    """Open the browser of an officer: the chair unless told otherwise."""
    town = more.pop("town", Town())
    town.offices = list(offices) or [an_office()]
    async with browsing(folder, town=town, **more) as person:
        await person.join()
        yield person

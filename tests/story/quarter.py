"""A neighbourhood whose people have phones, with LINE and the boards before the real core."""

import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from channels.board.app import create_app as boards
from channels.line.app import create_app as line_adapter
from tests.cards import a_holder
from tests.channels.board import adapter as board
from tests.channels.fake_core import FakeCore
from tests.channels.line.adapter import some_settings
from tests.channels.line.chat import Said
from tests.channels.serving import serving_there
from tests.channels.simulators.line.simulator import Line
from tests.core.associations.makers import Neighbourhood
from tests.story.phone import Phone
from tests.town import Town

BOARD = board.ORIGIN


@dataclass
class Quarter:
    """A neighbourhood whose people have phones, before the real core."""

    town: Town
    line: Line
    folder: Path
    of: Neighbourhood
    token: str

    @asynccontextmanager
    async def adapter(self) -> AsyncIterator[None]:
        """Run LINE's adapter; what it held goes with it."""

        def make(url: str) -> Any:
            settings = some_settings(
                self.folder, self.town.address, self.line.url, public_url=url, board_url=BOARD
            )
            settings.core_token_file.write_text(self.token, encoding="utf-8")
            return line_adapter(settings)

        async with serving_there(make) as url:
            endpoint = {"endpoint": f"{url}/line/webhook"}
            await self.line.api("PUT", "/channel/webhook/endpoint", endpoint)
            yield

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[board.Person]:
        """Open a browser before the boards."""
        folder = self.folder / "boards"
        folder.mkdir()
        settings = board.some_settings(folder, self.town.address)
        token = (await self.town.channel("board")).token
        settings.core_token_file.write_text(token, encoding="utf-8")
        app = boards(settings, lambda: self.town.clock().timestamp())
        async with (
            app.router.lifespan_context(app),
            board.somebody(app, FakeCore(), board.Town()) as person,
        ):
            yield person

    async def phone(self, id: str) -> Phone:
        await self.line.add(id)
        return Phone(self.line, self.town, id, a_holder())


def a_photo() -> str:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(made, "JPEG")
    return base64.b64encode(made.getvalue()).decode()


def ids(person: str) -> str:
    return "U" + person.encode().hex().ljust(32, "0")[:32]


async def leading(phone: Phone) -> Said:
    return await phone.write("役員")

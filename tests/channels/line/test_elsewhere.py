"""Every button that names something, pressed by a leader of another association: it is nobody's.

The buttons are those of the adapter, so that a new one is tried without being named here.
"""

import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path

import aiohttp
import pytest

from channels.line import shapes
from channels.line.app import create_app
from channels.line.shapes import ARGUMENTS, UUID
from tests.channels.line.adapter import Running, fake_line, some_settings
from tests.channels.line.chat import Said, tap
from tests.channels.serving import serving
from tests.core.associations.scene import NOBODYS
from tests.core.circulars.everything import everything
from tests.core.circulars.makers import Block
from tests.core.circulars.test_every_rpc import kept
from tests.town import Town, on_sqlite

KINDS = {
    1: (("association", "circular", "draft", "city", "household", "member"),),
    2: (("association", "circular", "draft"), ("wish", "household", "group")),
    3: (("association",), ("wish",), ("household", "group")),
}
"""What the ids of a button may be of, by how many it has."""

FILLED = {
    shapes.PAGE: "1", shapes.KEY: "yes", shapes.ASKED: "{asked}", shapes.ETAG: "1",
    shapes.WHY: "twice", shapes.GROUP: "{id}", f"{UUID}|{shapes.EVERYBODY}": "{id}",
    f"{UUID}|{shapes.PAGE}": "{id}", shapes.CHOSEN: "1.20300401.1.", "[0-9]{1,2}": "2",
    shapes.SLOT: "slot", shapes.QUANTITY: "1", shapes.SUM: "00000000", shapes.BITS: "1",
    shapes.GOES_ON: "next", rf"(?:{shapes.LEFT})\.{shapes.ASKED}": "moved.{asked}",
    rf"{UUID}\.[0-9]{{4}}0331\.{shapes.ASKED}": "{id}.20300331.{asked}", UUID: "{id}",
}  # fmt: skip
"""What stands in the place of each shape; of any other, the first word that it takes."""


@asynccontextmanager
async def chatting(folder: Path, town: Town, token: str) -> AsyncIterator[Running]:
    """Run the adapter between the real core and the fake of LINE."""
    async with fake_line() as line:
        settings = some_settings(folder, town.address, line.url, board_url="https://board.example")
        settings.core_token_file.write_text(token, encoding="utf-8")
        async with serving(create_app(settings)) as url, aiohttp.ClientSession() as http:
            yield Running(url, None, line, http)  # type: ignore[arg-type]  # No fake of the core.


def patterns() -> Iterator[str]:
    """Yield the data of each button that names something, with places for the ids."""
    for verb, taken in ARGUMENTS.items():
        parts = [FILLED.get(shape, shape.partition("|")[0]) for shape in taken]
        if any(part == "{id}" for part in parts):
            yield ":".join(("1", verb, *parts))


@pytest.mark.slow
@on_sqlite
async def test_what_is_of_another_association_is_nobodys_in_the_chat(
    a_town: Town, tmp_path: Path
) -> None:
    scene, callers = await everything(a_town)
    line, speaker = callers["foreign"]
    assert speaker is not None
    ids = scene.ids | {"group": scene.house.group_id}
    # What waits to be told would be told in between.
    await Block(a_town, scene.line, scene.staff, scene.made).told_all()
    before = await a_town.read(kept)
    differing = []

    async with chatting(tmp_path, a_town, line.token) as adapter:
        for pattern in patterns():
            count = pattern.count("{id}")
            nobodys = await press(adapter, pattern, (NOBODYS,) * count, speaker.external_id)
            for kinds in product(*KINDS[count]):
                theirs = tuple(ids[kind] for kind in kinds)
                said = await press(adapter, pattern, theirs, speaker.external_id)
                if said != nobodys:
                    differing.append((pattern, kinds, said))

    assert differing == []
    assert await a_town.read(kept) == before


async def press(adapter: Running, pattern: str, ids: tuple[str, ...], person: str) -> str:
    """Press a button that names these ids, as whoever was just asked whether they are sure."""
    named = iter(ids)
    data = re.sub(r"\{id\}", lambda _: next(named), pattern)
    asked = str(int(time.time()))
    return alike(await tap(adapter, data.replace("{asked}", asked), person=person))


def alike(said: Said) -> str:
    """Return what was said without the ids and the times in its buttons."""
    return re.sub(r":[0-9]{10}\b", ":time", re.sub(UUID, "id", said.words))

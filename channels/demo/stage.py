"""Sets the stage: a city, its city hall, its parts running, and a phone for everybody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from channels.demo import city_hall, commands, phone, processes
from channels.demo.city_hall import CityHall
from channels.demo.commands import Places
from channels.demo.folder import Folder
from channels.demo.phone import Phones
from channels.demo.processes import Processes
from channels.demo.teller import Teller
from channels.demo.wording import Words
from channels.simulators.card import Authority
from channels.simulators.city import files
from channels.simulators.city.city import City


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; an empty `database` is SQLite in the folder."""

    households: int
    registered: int
    seed: int
    database: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the play needs."""

    folder: Folder
    places: Places
    city: City
    hall: CityHall
    phones: Phones
    processes: Processes
    teller: Teller
    words: Words

    async def line_up(self) -> None:
        await self.processes.up("line")

    async def web_up(self) -> None:
        await self.processes.up("web")

    async def board_up(self) -> None:
        await self.processes.up("board")

    def phone_page(self, user_id: str) -> str:
        return f"{self.places.simulator_url}/phone/{user_id}"


@contextlib.asynccontextmanager
async def setting(folder: Folder, wish: Wish, teller: Teller, words: Words) -> AsyncIterator[Stage]:
    """Set the stage; at the end stop every part."""
    city = await _draw(folder, wish, teller)
    places = Places.choose()
    password = city_hall.prepare_secrets(folder)
    database = wish.database or f"sqlite:///{folder.database}"
    settings = commands.core_settings(folder, places, database)
    async with processes.running(folder.processes) as running, phone.session() as http:

        async def simulator_up() -> None:
            await running.up("simulator")

        hall = CityHall(running, places, password)
        phones = Phones(http, places.simulator_url, simulator_up)
        stage = Stage(folder, places, city, hall, phones, running, teller, words)
        try:
            with teller.step("start"):
                await _open(stage, settings)
                await phones.add(_owners(city))
            yield stage
        finally:
            await hall.close()


async def _open(stage: Stage, settings: dict[str, str]) -> None:
    """Start every part: the adapters once the city hall is founded that they speak with."""
    folder, places, running = stage.folder, stage.places, stage.processes
    account = stage.words("program", "account")
    await commands.run(settings, "keys", "create")
    await asyncio.gather(
        running.start(commands.core_part(folder, places, settings)),
        running.start(commands.simulator_part(folder, places, account)),
        running.start(commands.auth_app_part(folder, places, account)),
    )
    await city_hall.found(folder, settings, stage.words, stage.hall)
    await asyncio.gather(
        running.start(commands.line_part(folder, places)),
        running.start(commands.web_part(folder, places, account)),
        running.start(commands.board_part(folder, places, account)),
    )


async def _draw(folder: Folder, wish: Wish, teller: Teller) -> City:
    """Draw the city and write it down, with a key in every card."""
    with teller.step("city", wish.households) as step:
        city = await asyncio.to_thread(
            City, wish.seed, households=wish.households, registered=wish.registered
        )
        await asyncio.to_thread(files.write, city, folder.city)
        step.reach(wish.households)
    authority = Authority.open(folder.city / "authority")
    with teller.step("cards", wish.registered) as step:
        loop = asyncio.get_running_loop()

        def told(done: int, total: int) -> None:
            del total
            loop.call_soon_threadsafe(step.reach, done)

        ids = [one.card_id for one in city.registrants]
        await asyncio.to_thread(authority.make_keys, ids, progress=told)
    return city


def _owners(city: City) -> list[dict[str, str]]:
    return [
        {
            "id": one.line_user_id,
            "name": one.person.name.replace("　", " "),
            "card_id": one.card_id,
        }
        for one in city.registrants
    ]

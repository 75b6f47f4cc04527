"""`todoke demo`: residents registered, the phones' addresses shown, and the terminal UI opened."""

import asyncio
import contextlib
import sys

from rich.console import Console
from rich.table import Table

from channels.demo import city_hall, commands, stage
from channels.demo.folder import Folder
from channels.demo.plan import Plan, cast
from channels.demo.processes import environment
from channels.demo.stage import Stage, Wish
from channels.demo.story import Story
from channels.demo.teller import Teller
from channels.demo.wording import Words
from channels.simulators.city.city import Registrant
from channels.simulators.city.differences import Difference

WORTH_BEING = (
    Difference.NONE,
    Difference.NAME_VARIANT,
    Difference.ADDRESS_MOVED,
    Difference.SUPPRESSED,
    Difference.NO_ACCOUNT,
    Difference.NOT_ENTITLED,
)


async def run(folder: Folder, wish: Wish, words: Words, console: Console, language: str) -> None:
    """Start, register, show where everything is, and open the terminal UI until it is left.

    One resident more than was wished for is left to be registered by hand.
    """
    more = Wish(wish.households + 1, wish.registered + 1, wish.seed, wish.database)
    teller = Teller(console, words, folder.progress)
    async with contextlib.AsyncExitStack() as stack:
        with teller.telling():
            here = await stack.enter_async_context(stage.setting(folder, more, teller, words))
            plan = cast(here.city)
            await Story(here, Plan(here.city, plan.roles[:-1])).register()
        _tell_people(here, plan.roles[-1].registrant, console)
        _tell_staff(here, console)
        roster = folder.city / "roster.csv"
        console.print(words("invitation", "roster", path=roster), soft_wrap=True)
        console.print(words("invitation", "enter"), style="bold")
        await _enter_pressed()
        await _open_terminal_ui(here, language)
        console.print(words("invitation", "stopping"))


def _tell_people(here: Stage, newcomer: Registrant, console: Console) -> None:
    words = here.words
    table = Table(title=words("invitation", "phones"))
    table.add_column(words("invitation", "name"))
    table.add_column(words("invitation", "why"))
    table.add_column(words("invitation", "address"), no_wrap=True, overflow="fold")
    table.add_row(
        newcomer.person.name,
        words("people", "newcomer", pin=newcomer.pin),
        here.phone_page(newcomer.line_user_id),
    )
    registered = here.city.registrants[:-1]
    for difference in WORTH_BEING:
        one = next((each for each in registered if each.difference is difference), None)
        if one is not None:
            page = here.phone_page(one.line_user_id)
            table.add_row(one.person.name, words("people", difference), page)
    table.add_section()
    table.add_row(words("people", "all"), "", f"{here.places.simulator_url}/phone")
    console.print(table)


def _tell_staff(here: Stage, console: Console) -> None:
    words = here.words
    table = Table(title=words("invitation", "staff"))
    table.add_column(words("invitation", "name"))
    table.add_column(words("invitation", "sign_in"))
    table.add_column(words("invitation", "password"))
    for person in city_hall.PEOPLE:
        table.add_row(words("staff", person.name), person.name, here.hall.password)
    console.print(table)


async def _enter_pressed() -> None:
    """Wait for a line; the loop stays free, so that Ctrl-C ends the demonstration at once."""
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()
    loop.add_reader(sys.stdin, pressed.set)
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(sys.stdin)
    sys.stdin.readline()


async def _open_terminal_ui(here: Stage, language: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *commands.TODOKE,
        *("tui", "--core", here.places.core_address, "--tour", "--language", language),
        *("--municipality", city_hall.MUNICIPALITY, "--user", city_hall.ELIGIBILITY.name),
        env=environment(),
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()

"""`todoke demo`: residents registered, the phones' addresses shown, and the terminal UI opened."""

import asyncio
import contextlib
import sys
from dataclasses import fields

from rich.console import Console
from rich.table import Table

from channels.demo import city_hall, commands, identity, neighbours, stage
from channels.demo.association import Association
from channels.demo.folder import Folder
from channels.demo.identity import Newcomers
from channels.demo.neighbours import Neighbours
from channels.demo.plan import cast
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

    Some residents more than were wished for are left to be registered by hand.
    """
    registered = wish.registered + 1 + identity.PEOPLE + neighbours.PEOPLE
    households = max(wish.households, registered)
    more = Wish(households, registered, wish.seed, wish.database)
    teller = Teller(console, words, folder.progress)
    async with contextlib.AsyncExitStack() as stack:
        with teller.telling():
            here = await stack.enter_async_context(stage.setting(folder, more, teller, words))
            plan = cast(here.city)
            newcomer = next(role for role in reversed(plan.roles) if _is_plain(role.registrant))
            newcomers = identity.cast(plan.without([newcomer.registrant]).roles)
            rest = plan.without([newcomer.registrant, *newcomers.all])
            block = neighbours.cast(rest.roles)
            await Story(here, rest.without(block.all), newcomers).register()
            association = Association(here, block)
            code = await association.prepare()
        _tell_people(here, newcomer.registrant, newcomers, block, console)
        _tell_association(association, code, words, console)
        _tell_staff(here, console)
        roster = folder.city / "roster.csv"
        console.print(words("invitation", "roster", path=roster), soft_wrap=True)
        console.print(words("invitation", "enter"), style="bold")
        await _enter_pressed()
        await _open_terminal_ui(here, language)
        console.print(words("invitation", "stopping"))


def _is_plain(registrant: Registrant) -> bool:
    return registrant.difference is Difference.NONE


def _tell_people(
    here: Stage,
    newcomer: Registrant,
    newcomers: Newcomers,
    block: Neighbours,
    console: Console,
) -> None:
    """Print who is worth being, each with the address below, which must not be broken in two."""
    words = here.words
    console.print(f"\n{words('invitation', 'phones')}", style="bold")

    def tell(one: Registrant, why: str) -> None:
        console.print(f"  {one.person.name}  {why}", soft_wrap=True)
        console.print(f"    {here.phone_page(one.line_user_id)}", soft_wrap=True)

    tell(newcomer, words("people", "newcomer", pin=newcomer.pin))
    for part in fields(newcomers):
        one = getattr(newcomers, part.name)
        tell(one, words("people", part.name, pin=one.pin, auth_pin=one.auth_pin))
    tell(block.chair, words("people", "chair"))
    tell(block.in_line, words("people", "neighbour"))
    waiting = (newcomer, *newcomers.all, *block.all)
    for difference in WORTH_BEING:
        ones = (each for each in here.city.registrants if each not in waiting)
        one = next((each for each in ones if each.difference is difference), None)
        if one is not None:
            tell(one, words("people", difference))
    console.print(f"  {words('people', 'all')}")
    console.print(f"    {here.places.simulator_url}/phone", soft_wrap=True)
    console.print(f"  {words('people', 'web')}")
    console.print(f"    {here.places.web_url}", soft_wrap=True)


def _tell_association(association: Association, code: str, words: Words, console: Console) -> None:
    """Print how a browser joins the association, and where its screen is."""
    for name, address in (("join", association.join_page(code)), ("screen", association.screen)):
        console.print(f"  {words('people', name)}")
        console.print(f"    {address}", soft_wrap=True)
    console.print()


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
        *("--password-file", str(here.folder.secrets / "password")),
        env=environment(),
    )
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()

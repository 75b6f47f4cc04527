"""Opening the app on a connection; apart from the command, which must not wait for Textual."""

import asyncio

from todoke.client import Core, Tls
from tui.app import TodokeApp
from tui.desk import Desk
from tui.wording import Words


def run(
    address: str,
    *,
    language: str,
    municipality: str,
    name: str,
    password: str,
    tour: bool,
    tls: Tls | None,
) -> None:
    """Run until the person quits; sign in at once where all that it takes is given."""

    async def sit() -> None:
        # The channel belongs to the loop it is made in.
        core = Core(address, tls=tls)
        desk = Desk(core, address, Words(language), tour=tour)
        app = TodokeApp(desk, municipality=municipality, name=name, password=password)
        await app.run_async()

    asyncio.run(sit())

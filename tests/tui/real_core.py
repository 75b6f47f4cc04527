"""Sitting down at the real core: people are hired, sign in, and fill in what is asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, partial

import pytest
from argon2 import PasswordHasher

from core.callers import Role, the_core
from core.staff import actions
from tests import town
from tests.tui.fake_core.city import PASSWORD
from tests.tui.sitting import Sitting, begun
from tui.dialogs.ask import Ask
from tui.dialogs.reading import ReadingDialog
from tui.screens.dashboard import DashboardScreen
from tui.screens.resident import ResidentScreen
from tui.screens.residents import ResidentsScreen

PAPER = {
    "document": "IDENTITY_DOCUMENT_DRIVING_LICENCE",
    "family": "総社",
    "given": "ﾊﾅｺ",
    "birth_date": "S25.4.12",
    "sex": "SEX_FEMALE",
    "address": "岡山県総社市中央1-1-1",
}

walked_again = pytest.mark.slow
"""For walks whose every step the default lane tries with the made-up core."""


@cache
def hashed(password: str) -> str:
    """Return a hash that is quick to check, unlike those of a city: everybody signs in here."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


async def hire(a_town: town.Town, name: str, *roles: Role, shown: str = "") -> None:
    work = partial(
        actions.create_staff,
        by=the_core(town.MUNICIPALITY),
        name=name,
        display_name=shown or name,
        password_hash=hashed(PASSWORD),
        roles=list(roles),
        now=a_town.clock(),
    )
    await a_town.running.db.write(work)


@asynccontextmanager
async def sat_down(
    a_town: town.Town,
    name: str,
    *,
    tour: bool = False,
    toasts: bool = False,
    language: str = "ja",
) -> AsyncIterator[Sitting]:
    given = {"municipality": town.MUNICIPALITY, "name": name, "password": PASSWORD}
    async with begun(a_town, tour=tour, toasts=toasts, language=language, **given) as sitting:
        await sitting.until(lambda: isinstance(sitting.screen, DashboardScreen))
        yield sitting


async def asking(sitting: Sitting, key: str, kind: type = Ask) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, kind))


async def act(sitting: Sitting) -> None:
    """Press the dialog's button, as soon as it takes a press."""
    await sitting.until(lambda: not sitting.screen.query_one("#act").has_class("-active"))
    await sitting.pilot.click("#act")


async def fill_in(sitting: Sitting, **values: str | bool) -> None:
    for name, value in values.items():
        sitting.screen.query_one(f"#field-{name}").value = value
    await act(sitting)


async def found(sitting: Sitting, **known: str) -> list[str]:
    """Search by what is known, and return the names that are listed then."""
    await sitting.press("7")
    if not isinstance(sitting.screen, Ask):
        await sitting.press("f")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    blank = dict.fromkeys(("name", "birth_date", "reference", "external_id"), "")
    await fill_in(sitting, **(blank | known))
    await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
    await sitting.until(lambda: "探した結果" in sitting.says("#heading"))
    await sitting.until(lambda: not sitting.screen.live.loading)
    return [row.name for row in sitting.screen.live.shown]


async def opened(sitting: Sitting, **known: str) -> None:
    """Search for somebody and open who is found."""
    assert await found(sitting, **known)
    await sitting.press("d")
    await resident_is_read(sitting)


async def resident_is_read(sitting: Sitting) -> None:
    await sitting.until(
        lambda: isinstance(sitting.screen, ResidentScreen) and sitting.screen.resident
    )


async def put_forward(sitting: Sitting, **changes: str) -> None:
    """Read the consent, and type what the paper says."""
    await sitting.open("8")
    await asking(sitting, "n", ReadingDialog)
    await sitting.sees("登録")
    await act(sitting)
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    await fill_in(sitting, **(PAPER | changes))

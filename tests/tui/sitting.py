"""One sitting at the terminal UI: a fake core, the app at 80 by 24, and somebody signed in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

import pytest
from rich.cells import cell_len
from textual._context import visible_screen_stack
from textual.css.query import NoMatches
from textual.events import Paste
from textual.widgets import Input, Static

from tests.town import Town
from tests.tui.fake_core import City, FakeCore
from tests.tui.hand import Hand
from tests.tui.unseen import Unseen
from todoke.client import Core
from tui.app import TodokeApp
from tui.desk import Desk, Person
from tui.screens.dashboard import DashboardScreen
from tui.screens.list_screen import ListScreen
from tui.wording import LANGUAGES, Words

in_each_language = pytest.mark.parametrize(
    "language",
    [LANGUAGES[0], *(pytest.param(one, marks=pytest.mark.slow) for one in LANGUAGES[1:])],
)
"""For screens that must hold in all languages: Japanese always, the others in the slow lane."""

SIZE = (80, 24)
TRIES = 600
FIRST_WAIT, LONGEST_WAIT = 0.01, 0.1  # Seconds. What is long in coming is looked at less often.


class Sitting:
    """What tests do and see: keys, clicks, and the texts on the screen."""

    def __init__(self, app: TodokeApp, fake: FakeCore | None) -> None:
        self.fake = fake
        self.city = fake.city if fake else None
        self.app = app
        self.pilot = Hand(app)
        self.words = app.desk.words
        self._drawn: Any = None

    @property
    def screen(self) -> Any:
        return self.app.screen

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Put a text into the field in focus at once, as a terminal pastes it."""
        await self.until(lambda: isinstance(self.app.focused, Input))
        self.app.post_message(Paste(text))
        await self.pilot.pause()

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until the condition holds; fail, with what is on the screen, where it never does.

        It may ask the screen that is to come for what the present one does not have.
        """
        await self._comes(condition)
        # Each screen that a test comes to can be drawn, whether it looks at it or not.
        assert self.screen is self._drawn or self.lines

    async def sees(self, text: str) -> None:
        """Wait until the text stands on the screen, wherever its lines are broken."""
        await self._comes(lambda: flat(text) in flat(self.text))

    async def _comes(self, condition: Callable[[], Any]) -> None:
        """Wait until the condition holds and the screen has come to rest.

        That rest is not asked for at each try: each widget would have to answer, and asking costs
        more than what is waited for.
        """
        for number in range(TRIES):
            with suppress(AttributeError, NoMatches):
                if condition():
                    await self.pilot.pause()
                    if condition():
                        return
            await asyncio.sleep(min(FIRST_WAIT * 1.3**number, LONGEST_WAIT))
        raise AssertionError(f"it never came to be; the screen shows:\n{self.text}")

    @property
    def lines(self) -> list[str]:
        """The screen as it is drawn over those under it, a string a line."""
        self._drawn = self.screen
        visible_screen_stack.set(self.app._background_screens)
        strips = self.screen._compositor.render_strips()
        return [strip.text for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def keys(self) -> str:
        """What the key bar shows."""
        return "\n".join(self.lines[self.screen.query_one("KeyBar").region.y :])

    @property
    def toasts(self) -> str:
        return "\n".join(note.message for note in self.app._notifications)

    def says(self, selector: str) -> str:
        return str(self.screen.query_one(selector, Static).content)

    async def open(self, digit: str) -> None:
        """Open a subject by its digit and wait until its list is read."""
        await self.press(digit)
        await self.until(
            lambda: isinstance(self.screen, ListScreen) and not self.screen.live.loading
        )


def flat(text: str) -> str:
    return "".join(letter for letter in text if not letter.isspace() and letter not in "│┃")


def cells_before(line: str, part: str) -> int:
    """How far into a drawn line the part begins, in cells."""
    return cell_len(line[: line.index(part)])


@cache
def words(language: str) -> Words:
    """Return the catalogue of a language, which is read once."""
    return Words(language)


@asynccontextmanager
async def begun(
    at: FakeCore | Town,
    *,
    size: tuple[int, int] = SIZE,
    language: str = "ja",
    tour: bool = False,
    toasts: bool = False,
    person: Person | None = None,
    **given: str,
) -> AsyncIterator[Sitting]:
    """Open the app on a core; nobody is signed in unless all is given, or who sits there.

    Toasts need not be drawn.
    """
    core = Core(at.address, f"token-{person.staff.name}" if person else "")
    desk = Desk(core, at.address, words(language), retry_seconds=0.05, tour=tour, person=person)
    app = Unseen(desk, **given)
    async with app.run_test(size=size, notifications=toasts):
        yield Sitting(app, at if isinstance(at, FakeCore) else None)


@asynccontextmanager
async def signed_in(
    fill: Callable[[City], Any] = lambda _: None, *, name: str = "hanako", **how: Any
) -> AsyncIterator[Sitting]:
    """Sit at the dashboard of a city that `fill` has filled, signed in already."""
    async with FakeCore() as fake:
        fill(fake.city)
        async with begun(fake, person=fake.seat(name), **how) as sitting:
            await sitting.until(lambda: isinstance(sitting.screen, DashboardScreen))
            await sitting.until(lambda: fake.city.calls("WatchEvents"))
            yield sitting

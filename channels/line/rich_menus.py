"""The menu at the bottom of the chat: one for each state that a resident is in.

Which one stands is a courtesy: every button works in every state, and whatever goes wrong with a
menu is logged and made good at the next occasion.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import structlog

from channels.line import postback
from channels.line.postback import Do, Pressed, Register, Verb

log = structlog.get_logger()

PICTURES = Path(__file__).parent / "pictures"
SIZE = (1200, 400)
BAR = "メニュー"
MOST_REMEMBERED = 50_000
AT_ONCE = 16
FIRST_WAIT = 60.0
LONGEST_WAIT = 3_600.0


class State(StrEnum):
    """What a resident's menu is for."""

    NEW = "new"
    REGISTERED = "registered"
    WAITING = "waiting"
    """A question waits for an answer."""


WAITING = (Do(Verb.WAITING), "続きを答える")
PROCEDURES = (Do(Verb.PROCEDURES, ("1",)), "手続き")
OWN = (Do(Verb.OWN, ("1",)), "申請の状況")
MENU = (Do(Verb.MENU, ("1",)), "登録の内容")
BUTTONS: dict[State, tuple[tuple[Pressed, str], ...]] = {
    State.NEW: ((Register(), "登録する"), PROCEDURES, OWN),
    State.REGISTERED: (PROCEDURES, OWN, MENU),
    State.WAITING: (WAITING, PROCEDURES, OWN, MENU),
}
"""From left to right, of one width, as in the pictures."""


def picture(state: State) -> bytes:
    return (PICTURES / f"{state}.png").read_bytes()


def definition(state: State) -> dict[str, Any]:
    """Return a menu as LINE wants it; its name changes with whatever changes in it."""
    width, height = SIZE
    buttons = BUTTONS[state]
    part = width // len(buttons)
    areas = [
        {
            "bounds": {"x": place * part, "y": 0, "width": part, "height": height},
            "action": {
                "type": "postback",
                "label": word,
                "data": postback.encode(pressed),
                "displayText": word,
            },
        }
        for place, (pressed, word) in enumerate(buttons)
    ]
    made = {
        "size": {"width": width, "height": height},
        "selected": True,
        "chatBarText": BAR,
        "areas": areas,
    }
    digest = hashlib.sha256(json.dumps(made).encode() + picture(state)).hexdigest()
    return {**made, "name": f"todoke-{state}-{digest[:12]}"}


class MenuRefused(Exception):  # noqa: N818 - named for what LINE did, not as an error.
    """LINE did not do it, or was not reached."""


class Menus(Protocol):
    """LINE's rich menu API. Everything raises MenuRefused."""

    async def names(self) -> dict[str, str]:
        """Return the ids of the menus there are, by name; unfinished ones are not among them."""
        ...

    async def create(self, menu: dict[str, Any], picture: bytes) -> str:
        """Make a menu; return its id."""
        ...

    async def make_default(self, id: str) -> None:
        """Show a menu to everybody who has no other."""
        ...

    async def link(self, person: str, id: str) -> None:
        """Show a menu to a person."""
        ...

    async def unlink(self, person: str) -> None:
        """Show a person the default menu again."""
        ...


class RichMenus:
    """Gives each person the menu of their state; `line` is None where there are no menus."""

    def __init__(self, line: Menus | None) -> None:
        self._line = line
        self._ids: dict[State, str] = {}
        self._shown: OrderedDict[str, State] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Make the menus that LINE has not yet; go on trying, well within LINE's rate."""
        wait = FIRST_WAIT
        while self._line is not None and not self._ids:
            try:
                self._ids = await self._made(self._line)
            except MenuRefused as refused:
                log.warning("rich_menus_not_made", why=str(refused))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def meet(self, person: str, *, is_registered: bool) -> None:
        """Mend the menu of somebody who speaks, where it cannot be right."""
        shown = self._shown.get(person)
        if is_registered and shown in {None, State.NEW}:
            self.want(person, State.REGISTERED)
        elif not is_registered and shown is State.REGISTERED:
            self.want(person, State.NEW)

    def want(self, person: str, state: State) -> None:
        """Show the menu of a state, soon, where another is shown."""
        if not self._ids or self._shown.get(person) is state:
            return
        self._shown[person] = state
        self._shown.move_to_end(person)
        if len(self._shown) > MOST_REMEMBERED:
            self._shown.popitem(last=False)
        task = asyncio.create_task(self._show(person, state))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Wait until every menu that is wanted was shown or refused; at most `seconds`."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def _show(self, person: str, state: State) -> None:
        async with self._at_once:
            if self._line is None or self._shown.get(person) is not state:
                return
            try:
                if state is State.NEW:
                    await self._line.unlink(person)
                else:
                    await self._line.link(person, self._ids[state])
            except MenuRefused as refused:
                self._shown.pop(person, None)
                log.warning("rich_menu_not_shown", why=str(refused))

    async def _made(self, line: Menus) -> dict[State, str]:
        there = await line.names()
        ids = {}
        for state in State:
            menu = definition(state)
            name = menu["name"]
            ids[state] = there.get(name) or await line.create(menu, picture(state))
        await line.make_default(ids[State.NEW])
        return ids

"""The menu at the bottom of the chat: which one each resident sees.

Which one stands is a courtesy: every button works in every state, and whatever goes wrong with a
menu is logged and made good at the next occasion.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from channels.line.menu_faces import DEFAULT, FACES, Face, State, face, named

log = structlog.get_logger()

MOST_REMEMBERED = 50_000
AT_ONCE = 16
FIRST_WAIT = 60.0
LONGEST_WAIT = 3_600.0
FIRST_LOOK = 0.5
LONGEST_LOOK = 60.0


class MenuRefused(Exception):  # noqa: N818 - named for what LINE did, not as an error.
    """LINE did not do it, or was not reached; `is_gone` where it knows no such menu or person."""

    def __init__(self, why: str, *, is_gone: bool = False) -> None:
        super().__init__(why)
        self.is_gone = is_gone


@dataclass(frozen=True, slots=True)
class Made:
    """A menu that LINE has; one without its picture can be shown to nobody."""

    id: str
    name: str
    has_picture: bool = True


class Menus(Protocol):
    """LINE's rich menu API. Everything raises MenuRefused."""

    async def listed(self) -> list[Made]:
        """Return the menus there are that are ours, the finished and the unfinished."""
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

    async def replace(self, others: dict[str, str]) -> str:
        """Show, to whoever sees one of these, the other, or the default where it is empty.

        Returns what to ask by how far it is, for LINE takes its time.
        """
        ...

    async def is_replaced(self, request: str) -> bool:
        """Tell whether it is done; raises MenuRefused where it was not for everybody."""
        ...

    async def delete(self, id: str) -> None:
        """Delete a menu."""
        ...


@dataclass(frozen=True, slots=True)
class _Shown:
    face: Face
    is_registered: bool


class RichMenus:
    """Gives each person the menu of their state and language; `line` is None where are none."""

    def __init__(self, line: Menus | None) -> None:
        self._line = line
        self._ids: dict[Face, str] = {}
        self._shown: OrderedDict[str, _Shown] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._lost = asyncio.Event()

    async def run(self) -> None:
        """Make the menus that LINE has not and delete those of earlier times, until cancelled.

        It goes on trying, well within LINE's rates, and begins again where a menu was deleted.
        """
        wait = FIRST_WAIT
        while self._line is not None:
            self._lost.clear()
            before = self._ids
            try:
                await self.make()
                await self.clear()
            except MenuRefused as refused:
                log.warning("rich_menus_not_made", why=str(refused))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            if self._ids == before:
                # They are all there: it was a person whom LINE did not know.
                await asyncio.sleep(FIRST_WAIT)
            await self._lost.wait()

    async def make(self) -> None:
        """Make the menus that LINE has not yet, and let the newcomers' be everybody's default."""
        line = self._line
        if line is None:
            return
        ids = _newest(await line.listed())
        missing = [one for one in FACES if one not in ids]
        for one in missing:
            await line.create(one.definition(), one.picture())
        if missing:
            # Another adapter may have made them at the same time: both take the same ones.
            ids = _newest(await line.listed())
        await line.make_default(ids[DEFAULT])
        self._ids = ids

    async def clear(self) -> None:
        """Delete our menus that are not these, once whoever sees one of them sees its successor.

        What a process that died left undone, the next one does: all is told by LINE's own list.
        """
        line, ids = self._line, self._ids
        if line is None:
            return
        old = [one for one in await line.listed() if one.id not in ids.values()]
        others = {one.id: _successor(one, ids) for one in old if one.has_picture}
        if others:
            request = await line.replace(others)
            wait = FIRST_LOOK
            while not await line.is_replaced(request):
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_LOOK)
        for one in old:
            await line.delete(one.id)
        if old:
            log.info("rich_menus_deleted", count=len(old))

    def meet(self, person: str, *, is_registered: bool, language: str) -> None:
        """Mend the menu of somebody who speaks, where it cannot be right."""
        known = self._shown.get(person)
        state = known.face.state if known else State.NEW
        if is_registered and state is State.NEW:
            state = State.REGISTERED
        elif not is_registered and state is State.REGISTERED:
            state = State.NEW
        wanted = face(state, language)
        if known is not None or wanted != DEFAULT:
            self._want(person, _Shown(wanted, is_registered))

    def want(self, person: str, state: State, language: str) -> None:
        """Show the menu of a state, soon, where another is shown."""
        known = self._shown.get(person)
        is_registered = known.is_registered if known else state is not State.NEW
        self._want(person, _Shown(face(state, language), is_registered))

    def end(self, person: str, language: str) -> None:
        """Show that no question waits any more, where one did."""
        known = self._shown.get(person)
        if known is None or known.face.state is State.WAITING:
            is_registered = known is None or known.is_registered
            self.want(person, State.REGISTERED if is_registered else State.NEW, language)

    async def settle(self, seconds: float) -> None:
        """Wait until every menu that is wanted was shown or refused; at most `seconds`."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    def _want(self, person: str, wanted: _Shown) -> None:
        known = self._shown.get(person)
        if not self._ids or known == wanted:
            return
        self._shown[person] = wanted
        self._shown.move_to_end(person)
        if len(self._shown) > MOST_REMEMBERED:
            self._shown.popitem(last=False)
        if known is not None and known.face == wanted.face:
            return
        task = asyncio.create_task(self._show(person, wanted.face))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show(self, person: str, wanted: Face) -> None:
        async with self._at_once:
            known = self._shown.get(person)
            if self._line is None or known is None or known.face != wanted:
                return
            try:
                if wanted == DEFAULT:
                    await self._line.unlink(person)
                else:
                    await self._line.link(person, self._ids[wanted])
            except MenuRefused as refused:
                self._shown.pop(person, None)
                log.warning("rich_menu_not_shown", why=str(refused))
                if refused.is_gone:
                    self._lost.set()


def _newest(there: list[Made]) -> dict[Face, str]:
    """Return the ids of the menus as they are now; of two that are alike all take the same."""
    by_name: dict[str, str] = {}
    for one in sorted(there, key=lambda one: one.id, reverse=True):
        if one.has_picture:
            by_name[one.name] = one.id
    found = {one: by_name.get(one.definition()["name"], "") for one in FACES}
    return {one: id for one, id in found.items() if id}


def _successor(old: Made, ids: dict[Face, str]) -> str:
    """Return what is shown in place of an old menu; empty for the default."""
    known = named(old.name)
    return "" if known is None or known == DEFAULT else ids.get(known, "")

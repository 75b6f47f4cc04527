"""The hand on the keys and the mouse: as Textual's pilot, but with no more patience than it needs.

The pilot's own waits until the process has next to nothing to do, twice a key, each time for a
second at most. A core in the same process always has something to do.
"""

import asyncio
from time import process_time

from textual.events import Key
from textual.keys import _character_to_key, key_to_character
from textual.pilot import Pilot

MOMENT = 0.01
LITTLE = MOMENT / 4
"""What a process computes in a moment at most, seconds of a processor, that only waits."""
MOMENTS = 30
"""How many moments are waited at most: for what takes longer, a test waits by what it sees."""

PATIENCE = 1000
"""As many for what is sure to come, however slow the machine is."""


class Hand(Pilot[None]):
    async def press(self, *keys: str) -> None:
        """Press one key after the other, each when the one before has had its effect."""
        for key in keys:
            if key == "enter":
                await self._until_it_takes_a_press()
            named = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(Key(named, key_to_character(named)))
            await self.pause()

    async def press_at_once(self, *keys: str) -> None:
        """Press keys as somebody does who does not look at the screen between them."""
        for key in keys:
            self.app.post_message(Key(key, None))
        await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        if delay is None:
            await _at_rest()
            await self._until_the_page_is_turned()
        await super().pause(delay or 0)

    async def _until_the_page_is_turned(self) -> None:
        # A procedure takes no key that leads on while its next page is on its way.
        for _ in range(PATIENCE):
            if all(one.group != "walk" or one.is_finished for one in self.app.workers):
                return
            await asyncio.sleep(MOMENT)

    async def _until_it_takes_a_press(self) -> None:
        # A button that was pressed takes no second press for a moment.
        for _ in range(PATIENCE):
            if not (self.app.focused and self.app.focused.has_class("-active")):
                return
            await asyncio.sleep(MOMENT)


async def _at_rest() -> None:
    for _ in range(MOMENTS):
        used = process_time()
        await asyncio.sleep(MOMENT)
        if process_time() - used < LITTLE:
            return

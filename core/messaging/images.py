"""Images of messages: kept as they were made anew, and shown in any width."""

import asyncio
import hashlib
from collections import OrderedDict
from datetime import datetime

from sqlalchemy.orm import Session

from core import events
from core.attachments.making import Made, Maker
from core.callers import Caller
from core.ids import new_id
from core.messaging.rows import Image

MOST_KEPT = 32 * 1024 * 1024
"""Bytes of narrowed images that a process keeps: a campaign's few widths, for all who open it."""


def keep(session: Session, by: Caller, made: Made, *, file_name: str, now: datetime) -> Image:
    """Keep an image that was made anew, and write it down."""
    image = Image(
        municipality=by.municipality,
        id=new_id(),
        file_name=file_name,
        media_type=made.media_type,
        width=made.width,
        height=made.height,
        sha256=hashlib.sha256(made.content).hexdigest(),
        content=made.content,
        create_time=now,
    )
    session.add(image)
    events.record(session, by, "image.uploaded", image.id, now)
    return image


class Narrowed:
    """Narrowed images, made once for all who ask soon after; those asked for longest ago go."""

    def __init__(self, maker: Maker, most: int = MOST_KEPT) -> None:
        self._maker = maker
        self._most = most
        self._kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
        self._making = asyncio.Lock()

    async def of(self, image: Image, width: int) -> bytes:
        """Return an image's bytes at most so many pixels wide; its content is loaded."""
        if not width or width >= image.width:
            return image.content
        key = image.municipality, image.id, width
        async with self._making:
            if key not in self._kept:
                made = await self._maker.narrow(image.content, image.media_type, width)
                self._keep(key, made)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _keep(self, key: tuple[str, str, int], made: bytes) -> None:
        self._kept[key] = made
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._most:
            self._kept.popitem(last=False)

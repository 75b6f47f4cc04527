"""Waiting for what comes by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")


async def until(look: Callable[[], Awaitable[Found]], wanted: Found) -> None:
    """Ask again and again until what is wanted is there; at most 60 seconds."""
    found = None
    try:
        async with asyncio.timeout(60):
            while (found := await look()) != wanted:
                continue
    except TimeoutError:
        raise AssertionError(f"wanted {wanted!r}, found {found!r}") from None

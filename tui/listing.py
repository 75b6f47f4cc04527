"""The pages of a list, fetched as they are needed and read anew when something changed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, the token of the page after or empty, and how many there are where the core tells."""

    rows: Sequence[Row]
    next_token: str
    total: int | None = None


class Listing(Generic[Row]):
    """Rows in the order of the core, from the first on; `ended` once the last is here."""

    def __init__(self, fetch: Callable[[str], Awaitable[Page[Row]]]) -> None:
        self._fetch = fetch
        self._token = ""
        self._one_at_a_time = asyncio.Lock()
        self.rows: list[Row] = []
        self.ended = False
        self.total: int | None = None

    async def reach(self, wanted: int) -> None:
        """Fetch pages until `wanted` rows are here or there are no more; raise CoreError."""
        async with self._one_at_a_time:
            while len(self.rows) < wanted and not self.ended:
                page = await self._fetch(self._token)
                self._take([*self.rows, *page.rows], page)

    async def again(self, wanted: int) -> None:
        """Read anew from the first page on, and show it whole or not at all; raise CoreError."""
        async with self._one_at_a_time:
            rows: list[Row] = []
            token = ""
            while True:
                page = await self._fetch(token)
                rows.extend(page.rows)
                token = page.next_token
                if not token or len(rows) >= wanted:
                    break
            self._take(rows, page)

    def _take(self, rows: list[Row], page: Page[Row]) -> None:
        self.rows, self._token, self.total = rows, page.next_token, page.total
        self.ended = not page.next_token

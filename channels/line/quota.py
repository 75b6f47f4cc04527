"""Watches LINE's allowance, and tells the core: what the plan gives, and how much is used."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import aiohttp
import structlog

from todoke.client import Core, CoreError
from todoke.v1.dispatches_pb2 import ReportQuotaRequest

log = structlog.get_logger()

# The month begins in Japan.
JAPAN = timezone(timedelta(hours=9))
SOONEST = 5.0
"""Seconds between two reports, however often LINE refuses."""


def renewal(now: datetime) -> datetime:
    """Return when LINE's allowance is renewed: as the next month begins in Japan."""
    first = now.astimezone(JAPAN).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


class QuotaWatch:
    """Asks LINE every `seconds`, and sooner when it refuses because nothing is left."""

    def __init__(
        self, core: Core, http: aiohttp.ClientSession, api_url: str, *, seconds: float
    ) -> None:
        self._core = core
        self._http = http
        self._url = f"{api_url}/v2/bot/message/quota"
        self._seconds = seconds
        self._now = asyncio.Event()

    def used_up(self) -> None:
        """Ask soon: LINE has just said that nothing is left."""
        self._now.set()

    async def run(self) -> None:
        """Ask and tell for ever."""
        while True:
            await self._tell()
            await asyncio.sleep(min(SOONEST, self._seconds))
            try:
                async with asyncio.timeout(self._seconds):
                    await self._now.wait()
            except TimeoutError:
                continue
            finally:
                self._now.clear()

    async def _tell(self) -> None:
        try:
            quota, consumption = await self._ask(""), await self._ask("/consumption")
            report = ReportQuotaRequest(
                limit=int(quota["value"]) if quota["type"] == "limited" else 0,
                used=int(consumption["totalUsage"]),
                period=datetime.now(UTC).astimezone(JAPAN).strftime("%Y-%m"),
                request_id=uuid4().hex,
            )
            await self._core.ask(self._core.dispatches.ReportQuota, report)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
            log.warning("quota_unknown", why=type(error).__name__)
        except CoreError as error:
            log.warning("quota_untold", code=error.code.name, reason=error.reason)

    async def _ask(self, path: str) -> Any:
        async with self._http.get(self._url + path) as answer:
            answer.raise_for_status()
            return await answer.json()

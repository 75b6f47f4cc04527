"""The published keys of an issuer (JWKS): a file, or fetched and kept for a while."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

log = structlog.get_logger("core")

KEPT = timedelta(hours=1)
"""How long a fetched set is believed to be whole."""

PAUSE = timedelta(seconds=15)
"""How long not to ask again, whatever key a token names."""

SECONDS = 5.0
LARGEST = 256 * 1024


class KeysAway(Exception):  # noqa: N818 - named for the event, as refusals are
    """The issuer's keys could not be read now, and none are kept."""


class KeySet:
    """The P-256 keys of an issuer, by their ids."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._keys: dict[str, ECKey] = {}
        self._read_time: datetime | None = None
        self._asked_time: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def find(self, kid: object, now: datetime) -> ECKey | None:
        """Return the key; None where the issuer publishes none of this id. Raises KeysAway."""
        if not isinstance(kid, str):
            return None
        if self._wanted(kid, now):
            async with self._one_at_a_time:
                if self._wanted(kid, now):
                    await self._read(now)
        if self._read_time is None:
            raise KeysAway(self._place)
        return self._keys.get(kid)

    def _wanted(self, kid: str, now: datetime) -> bool:
        """Whether to read the set: it is old or lacks this key, and was not asked for just now."""
        if self._asked_time is not None and now < self._asked_time + PAUSE:
            return False
        fresh = self._read_time is not None and now < self._read_time + KEPT
        return not fresh or kid not in self._keys

    async def _read(self, now: datetime) -> None:
        self._asked_time = now
        try:
            self._keys = _p256(json.loads(await self._content()))
            self._read_time = now
        except (OSError, ValueError, RecursionError, httpx.HTTPError) as wrong:
            # What is kept is good a while longer: issuers announce new keys before they use them.
            log.warning("keys of an issuer could not be read", place=self._place, wrong=str(wrong))

    async def _content(self) -> bytes:
        if not self._place.startswith(("https://", "http://")):
            return await asyncio.to_thread(Path(self._place).read_bytes)
        async with (
            # The client's own bound is one of silence: who sends letter by letter passes it.
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client,
            client.stream("GET", self._place) as response,
        ):
            response.raise_for_status()
            content = b""
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    raise ValueError("the key set is too large")
            return content


def _p256(published: Any) -> dict[str, ECKey]:
    """Return the keys that are for us; others, of other kinds or broken, are not our matter."""
    if not isinstance(published, dict) or not isinstance(published.get("keys"), list):
        raise ValueError("it is no JWK set")  # noqa: TRY004 - as json's own errors.
    found = {}
    for one in published["keys"]:
        if not isinstance(one, dict) or one.get("crv") != "P-256" or not one.get("kid"):
            continue
        try:
            found[str(one["kid"])] = ECKey.import_key(one)
        except (JoseError, ValueError):
            continue
    return found

"""Holding the My Number card to the phone: fetch what to sign, sign it, hand it over."""

import asyncio
import base64
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import aiohttp

from channels.simulators.card import CardLocked, NoSuchCard, WrongPin
from channels.simulators.line.loopback import is_here

# A person waits in front of the phone for this long (seconds).
PATIENCE = aiohttp.ClientTimeout(total=20)


class Signed(Protocol):
    """What comes off a card: DER, and RSASSA-PKCS1-v1_5 with SHA-256."""

    @property
    def certificate(self) -> bytes: ...
    @property
    def signature(self) -> bytes: ...


class Wallet(Protocol):
    """The cards that people of the simulator own."""

    def sign(self, card_id: str, pin: str, text: bytes) -> Signed:
        """Sign with a card; raises WrongPin, CardLocked or NoSuchCard."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the person is told; `reason` is empty on success. `status` is as in HTTP."""

    status: int
    message: str
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


async def hold(
    http: aiohttp.ClientSession,
    wallet: Wallet | None,
    *,
    card_id: str | None,
    pin: str,
    request_url: str,
) -> Outcome:
    """Do what a phone does when the card is held to it and the PIN is typed."""
    if wallet is None or card_id is None:
        return Outcome(404, "マイナンバーカードが見つかりません。", "NO_SUCH_CARD")
    try:
        request = await _fetch(http, request_url)
        text, callback = str(request["text"]), str(request["callback"])
        # Signing makes the key on a card's first use: too long for the event loop.
        signed = await asyncio.to_thread(wallet.sign, card_id, pin, text.encode())
        return await _hand_over(http, callback, signed)
    except WrongPin as wrong:
        return Outcome(
            403,
            f"暗証番号が違います。あと{wrong.tries_left}回まちがえるとロックされます。",
            "WRONG_PIN",
        )
    except CardLocked:
        return Outcome(
            403,
            "暗証番号を5回まちがえたため、カードがロックされました。市役所の窓口でロックを解除してください。",
            "CARD_LOCKED",
        )
    except NoSuchCard:
        return Outcome(404, "マイナンバーカードが見つかりません。", "NO_SUCH_CARD")
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
        return Outcome(
            502,
            "署名の依頼元につながりませんでした。しばらくしてから、もう一度お試しください。",
            "NO_ANSWER",
        )


async def _fetch(http: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    _check(url)
    async with http.get(url, timeout=PATIENCE, allow_redirects=False) as answer:
        answer.raise_for_status()
        request = await answer.json()
    if not isinstance(request, dict):
        raise ValueError(f"{urlsplit(url).path} answered no JSON object")  # noqa: TRY004 - not our type.
    return request


async def _hand_over(http: aiohttp.ClientSession, callback: str, signed: Signed) -> Outcome:
    _check(callback)
    body = {
        "certificate": base64.b64encode(signed.certificate).decode(),
        "signature": base64.b64encode(signed.signature).decode(),
    }
    async with http.post(callback, json=body, timeout=PATIENCE, allow_redirects=False) as answer:
        said = await answer.json()
        return Outcome(answer.status, str(said["message"]), str(said.get("reason", "")))


def _check(url: str) -> None:
    if not is_here(url):
        raise ValueError("the simulated phone reaches this machine only")

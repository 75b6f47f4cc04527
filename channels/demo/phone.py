"""A resident's phone at the simulator: what a hand does on it, each deed once by its id."""

import base64
import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import aiohttp

from channels.demo.steady import Breath, Up

LONG_POLL_SECONDS = 20
PATIENCE = aiohttp.ClientTimeout(total=LONG_POLL_SECONDS + 20)


class PhoneRefused(Exception):  # noqa: N818 - named for the event, not as an error.
    """The simulated phone cannot do this; the script and the simulator disagree."""


def session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=PATIENCE, connector=aiohttp.TCPConnector(limit=0))


class Phones:
    """The simulator's API for phones; asks again while the simulator is away."""

    def __init__(self, http: aiohttp.ClientSession, url: str, up: Up) -> None:
        self._http = http
        self._url = url
        self._up = up

    async def add(self, people: list[dict[str, str]]) -> None:
        """Give people phones; `id`, `name` and `card_id` of each."""
        await self.ask("POST", "/phone/people", {"people": people})

    async def deliveries(self) -> dict[str, list[dict[str, Any]]]:
        """Return, for each person, all that LINE accepted for them, oldest first."""
        found: dict[str, list[dict[str, Any]]] = (await self.ask("GET", "/admin/deliveries"))[
            "people"
        ]
        return found

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the JSON answer. Raises PhoneRefused."""
        status, said = await self.fetch(method, path, body)
        if status >= 400:
            raise PhoneRefused(f"{method} {path}: {status} {said[:300]}")
        return json.loads(said)

    async def fetch(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, str]:
        return await self._fetch(method, path, json=body)

    async def page(
        self, method: str, path: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """Open a page, or send a form to it; return the status and the HTML it ends at."""
        return await self._fetch(method, path, data=form)

    async def send_file(
        self, path: str, form: Mapping[str, str], name: str, file: bytes
    ) -> tuple[int, str]:
        """Send a form with a photograph; return the status and the HTML it ends at."""

        def parts() -> aiohttp.FormData:
            sent = aiohttp.FormData(form)
            sent.add_field(name, file, filename=f"{name}.jpg", content_type="image/jpeg")
            return sent

        return await self._fetch("POST", path, anew=parts)

    async def _fetch(
        self,
        method: str,
        path: str,
        anew: Callable[[], aiohttp.FormData] | None = None,
        **sent: Any,
    ) -> tuple[int, str]:
        """Ask until there is an answer; what can be sent only once is made `anew` for each try."""
        breath = Breath(self._up)
        while True:
            if anew is not None:
                sent["data"] = anew()
            try:
                async with self._http.request(method, self._url + path, **sent) as answer:
                    said = await answer.text()
                    # Of the simulator itself only a bug or its end answers 500.
                    if answer.status != 500:
                        return answer.status, said
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await breath.take()


class Phone:
    """One person's phone."""

    def __init__(self, phones: Phones, user_id: str) -> None:
        self.user_id = user_id
        self._phones = phones
        self._path = f"/phone/{user_id}"

    async def follow(self) -> None:
        await self._do("follow", "follow")

    async def block(self) -> None:
        await self._do("unfollow", "block")

    async def tap(self, deed: str, message_id: str, index: int) -> str:
        """Tap a button by its place; return the address it opens, or nothing."""
        answer = await self._do("tap", deed, message_id=message_id, action_index=index)
        return str(answer.get("open", ""))

    async def hold_card(
        self, deed: str, request_url: str, pin: str, card_id: str = ""
    ) -> tuple[bool, str]:
        """Hold a card, one's own unless named; return whether it was taken, or else why not."""
        body = {"action_id": deed, "request_url": request_url, "pin": pin, "card_id": card_id}
        status, said = await self._phones.fetch("POST", f"{self._path}/card", body)
        return status == 200, str(json.loads(said).get("reason", ""))

    async def say(self, deed: str, text: str) -> None:
        """Write in the chat."""
        await self._do("say", deed, text=text)

    async def send_photo(self, deed: str, photo: bytes) -> None:
        """Send a photograph that was taken."""
        await self._do("send", deed, type="image", content=base64.b64encode(photo).decode())

    async def press(self, deed: str, message_id: str, data: str) -> None:
        """Tap a button by what it gives back."""
        await self._do("tap", deed, message_id=message_id, data=data)

    async def card_link(self, page: str) -> str:
        """Open a page; return where its card link leads, or nothing if the page has none."""
        path = f"{self._path}/browse?url={quote(page, safe='')}"
        _, html = await self._phones.fetch("GET", path)
        links = _Links()
        links.feed(html)
        return links.card

    async def messages(self, after: int, wait: float) -> tuple[list[dict[str, Any]], int]:
        """Return what the chat shows behind `after`, and the place to go on from."""
        path = f"{self._path}/messages?after={after}&wait={wait}"
        answer = await self._phones.ask("GET", path)
        return answer["messages"], answer["after"]

    async def _do(self, what: str, deed: str, **details: object) -> dict[str, Any]:
        body = {"action_id": deed, **details}
        answer: dict[str, Any] = await self._phones.ask("POST", f"{self._path}/{what}", body)
        return answer


class _Links(HTMLParser):
    """Finds the link to the phone's card sheet, which stands where a page had its card link."""

    def __init__(self) -> None:
        super().__init__()
        self.card = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href") or ""
        parts = urlsplit(link)
        if tag == "a" and parts.path.endswith("/card"):
            self.card = parse_qs(parts.query)["request"][0]

"""The whole city hall in one process: the core, LINE, the web and the app."""

import atexit
import html
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import httpx
from cryptography.fernet import Fernet
from joserfc.jwk import ECKey
from starlette.applications import Starlette

from channels.line.app import create_app as line_adapter
from channels.simulators.auth_app.app import create_app as auth_app
from channels.simulators.auth_app.settings import Client, Settings
from channels.simulators.card import Authority, Holder, NoSuchCard, Signed
from channels.simulators.line.settings import LoginChannel
from channels.web.app import create_app as web_adapter
from channels.web.settings import WebSettings
from tests import town
from tests.cards import Card, Cards, a_holder
from tests.channels.fake_core import FakeCore
from tests.channels.line.adapter import some_settings, with_app
from tests.channels.serving import serving_at
from tests.channels.simulators.auth_app.party import write_keys
from tests.channels.simulators.line.simulator import Line, simulating
from tests.channels.web.adapter import Browser
from tests.story.phone import PIN, Phone
from tests.town import Clock, Town

LOGIN = LoginChannel(id="2000000001", secret="0f1e2d3c4b5a69788796a5b4c3d2e1f0")
APP_PIN = "4649"
REALM = "/api/realms/main"
APP_CLIENT = "todoketest"
APP_KEY = ECKey.generate_key("P-256", {"use": "sig", "kid": "city-1"})


@dataclass
class Wallet:
    """The cards that phones can read, by their ids."""

    cards: dict[str, Card] = field(default_factory=dict)

    def sign(self, card_id: str, pin: str, text: bytes) -> Signed:
        if card_id not in self.cards:
            raise NoSuchCard(card_id)
        assert pin == PIN
        return self.cards[card_id].sign(text.decode())


@dataclass
class CityHall:
    """Everything that runs, and who walks in."""

    town: Town
    line: Line
    cards: Cards
    wallet: Wallet
    authority: Authority
    web_url: str
    _browsers: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def phone(self, person: str, holder: Holder | None = None) -> Phone:
        """Give somebody a phone with LINE and their card beside it, and let them be met."""
        id = "U" + person.encode().hex().ljust(32, "0")[:32]
        self.wallet.cards[person] = self.cards.issue(holder or a_holder())
        await self.line.add(id, is_friend=False, card_id=person)
        phone = Phone(self.line, self.town, id, self.wallet.cards[person].holder)
        await phone.do("follow")
        return phone

    def new_card(self, person: str, holder: Holder) -> None:
        """Give somebody another card in place of theirs."""
        self.wallet.cards[person] = self.cards.issue(holder)

    async def browser(self) -> Browser:
        http = httpx.AsyncClient(base_url=self.web_url, follow_redirects=True, timeout=60)
        await self._browsers.enter_async_context(http)
        return Browser(http, FakeCore(), None)

    def app_card(self, holder: Holder) -> str:
        """Issue a card as the app reads it; gives its id."""
        return self.authority.issue(holder, pin=PIN, auth_pin=APP_PIN)

    async def at_the_app(self, link: str, *, card: str = "", deed: str = "agree") -> str:
        """Open the app's page, choose a person, type the PIN; gives where it sends the browser."""
        async with httpx.AsyncClient() as http:
            page = await http.get(link)
            assert page.status_code == 200, page.text
            asked = re.search(r'name="request" value="([^"]+)"', page.text)
            action = re.search(r'<form method="post" action="([^"]+)"', page.text)
            assert asked, page.text
            assert action, page.text
            form = {"request": asked[1], "card": card, "pin": APP_PIN, "deed": deed}
            went = await http.post(str(page.url.join(html.unescape(action[1]))), data=form)
            assert went.status_code == 303, went.text
            return went.headers["location"]

    async def close(self) -> None:
        await self._browsers.aclose()


@dataclass
class Hands:
    """The one clock of all parts: the core's, once there is one."""

    clock: Clock = field(default_factory=Clock)

    def __call__(self) -> float:
        return self.clock.now.timestamp()


@asynccontextmanager
async def a_city_hall(
    template: Path, folder: Path, *, es256: bool = False
) -> AsyncIterator[CityHall]:
    """Start every part; LINE signs ID tokens by a key that it publishes, or by a shared secret."""
    shutil.copy(template, folder / "todoke.db")
    shutil.copytree(_authorities(), folder, dirs_exist_ok=True)
    cards, wallet, hands = Cards(folder / "authority"), Wallet(), Hands()
    authority = Authority.open(folder / "app-cards", clock=lambda: cards.now)
    login = LoginChannel(LOGIN.id, LOGIN.secret, uses_es256=es256)
    async with AsyncExitStack() as parts:
        line = await parts.enter_async_context(
            simulating(folder, clock=hands, wallet=wallet, login=login)
        )
        doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
        app_url, line_url, web_url = (f"http://127.0.0.1:{d.getsockname()[1]}" for d in doors)
        web_url = web_url.replace("127.0.0.1", "localhost")  # Passkeys want a name.
        _write_secrets(folder)
        issuer = {"keys": f"{line.url}/oauth2/v2.1/certs"} if es256 else {
            "secret_file": folder / "login-secret"}  # fmt: skip
        built = await town.build(
            f"sqlite:///{folder / 'todoke.db'}", folder, **cards.settings,
            auth_app_issuer=f"{app_url}{REALM}", auth_app_client_id=APP_CLIENT,
            auth_app_key=folder / "app-key",
            auth_app_redirect_uris=(f"{web_url}/app/callback", f"{line_url}/app/callback"),
            web_origins=[web_url],
            id_token_issuers=[{"issuer": "https://access.line.me", "audiences": [LOGIN.id],
                               "channel": "line", **issuer}],
        )  # fmt: skip
        parts.push_async_callback(built.close)
        hands.clock = built.clock
        apps = (
            _auth_app(folder, authority, hands, app_url, built.settings.auth_app_redirect_uris),
            await _line(folder, built, line, line_url, web_url),
            await _web(folder, built, line, hands, web_url),
        )
        for app, door in zip(apps, doors, strict=True):
            await parts.enter_async_context(serving_at(door, app))
        endpoint = {"endpoint": f"{line_url}/line/webhook"}
        await line.api("PUT", "/channel/webhook/endpoint", endpoint)
        hall = CityHall(built, line, cards, wallet, authority, web_url)
        parts.push_async_callback(hall.close)
        yield hall


@cache
def _authorities() -> Path:
    """Make both once, for every hall to copy: their keys take longer than all else in it."""
    folder = Path(mkdtemp(prefix="todoke-authorities-"))
    atexit.register(shutil.rmtree, folder)
    cards = Cards(folder / "authority")
    Authority.create(folder / "app-cards", clock=lambda: cards.now)
    return folder


def _write_secrets(folder: Path) -> None:
    (folder / "login-secret").write_text(LOGIN.secret, encoding="utf-8")
    (folder / "web-sessions").write_text(Fernet.generate_key().decode(), encoding="utf-8")
    key = folder / "app-key"
    key.write_text(json.dumps(APP_KEY.as_dict(private=True)), encoding="utf-8")
    key.chmod(0o600)
    write_keys(folder / "app-jwks", APP_KEY)


def _auth_app(
    folder: Path, authority: Authority, hands: Hands, url: str, callbacks: tuple[str, ...]
) -> Starlette:
    client = Client(id=APP_CLIENT, name="総社市", jwks=folder / "app-jwks", redirect_uris=callbacks)
    settings = Settings(base_url=url, state=folder / "auth-app", clients=(client,))
    return auth_app(settings, cards=authority.cards, clock=hands)


async def _line(folder: Path, built: Town, line: Line, url: str, web_url: str) -> Starlette:
    (folder / "line").mkdir()
    more = {"public_url": url, "web_url": web_url, **with_app(folder)}
    settings = some_settings(folder / "line", built.address, line.url, **more)
    token = (await built.channel("line")).token
    settings.core_token_file.write_text(token, encoding="utf-8")
    return line_adapter(settings)


async def _web(folder: Path, built: Town, line: Line, hands: Hands, url: str) -> Starlette:
    token = folder / "web-token"
    token.write_text((await built.channel("web")).token, encoding="utf-8")
    settings = WebSettings(
        core_address=built.address,
        core_token_file=token,
        session_key_file=folder / "web-sessions",
        public_url=url,
        city="総社市",
        authentication_app=True,
        line_login_channel_id=LOGIN.id,
        line_login_channel_secret_file=folder / "login-secret",
        line_login_authorize_url=f"{line.url}/oauth2/v2.1/authorize",
        line_login_token_url=f"{line.url}/oauth2/v2.1/token",
    )
    return web_adapter(settings, hands)

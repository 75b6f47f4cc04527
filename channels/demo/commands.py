"""How the parts are started, and the `todoke` commands that found the city hall."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from channels.demo.folder import Folder
from channels.demo.processes import Part, environment, free_port

# The same interpreter and the same code as this process, wherever a `todoke` may stand in the path.
TODOKE = (sys.executable, "-c", "from todoke.command import main; main(prog_name='todoke')")
APP_CLIENT = "todokedemo"
LINE_LOGIN = "2000000001"
LOOK = aiohttp.ClientTimeout(total=1)


class CommandFailed(Exception):  # noqa: N818 - named for the event, not as an error.
    """A `todoke` command ended with an error, told in the message."""


@dataclass(frozen=True, slots=True)
class Places:
    """The ports of the parts, chosen once."""

    core: int
    line: int
    web: int
    board: int
    simulator: int
    auth_app: int

    @classmethod
    def choose(cls) -> "Places":
        return cls(*(free_port() for _ in range(6)))

    @property
    def core_address(self) -> str:
        return f"127.0.0.1:{self.core}"

    @property
    def line_url(self) -> str:
        return f"http://127.0.0.1:{self.line}"

    @property
    def web_url(self) -> str:
        # A passkey belongs to a name: browsers make none for an address of numbers.
        return f"http://localhost:{self.web}"

    @property
    def board_url(self) -> str:
        # Another name than the web's, since cookies know no port.
        return f"http://127.0.0.1:{self.board}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator}"

    @property
    def auth_app_url(self) -> str:
        return f"http://127.0.0.1:{self.auth_app}"

    @property
    def app_callbacks(self) -> tuple[str, str]:
        """Where browsers come back to from the authentication app: the web's page, and LINE's."""
        return f"{self.web_url}/app/callback", f"{self.line_url}/app/callback"


def core_settings(folder: Folder, places: Places, database: str) -> dict[str, str]:
    authority = folder.city / "authority"
    return environment(
        TODOKE_DATABASE=database,
        TODOKE_KEYS=str(folder.secrets / "keys.json"),
        TODOKE_LISTEN=places.core_address,
        TODOKE_JPKI_AUTHORITIES=str(authority / "ca"),
        TODOKE_JPKI_REVOCATIONS=str(authority / "crl"),
        TODOKE_JPKI_TEST_CARDS="true",
        TODOKE_AUTH_APP_ISSUER=f"{places.auth_app_url}/api/realms/main",
        TODOKE_AUTH_APP_CLIENT_ID=APP_CLIENT,
        TODOKE_AUTH_APP_KEY=str(folder.secrets / "app-key"),
        TODOKE_AUTH_APP_REDIRECT_URIS=json.dumps(places.app_callbacks),
        TODOKE_WEB_ORIGINS=json.dumps([places.web_url]),
        TODOKE_LETTER_PAGE=places.web_url,
        TODOKE_BOARD_PAGE=places.board_url,
        TODOKE_ID_TOKEN_ISSUERS=json.dumps(
            [
                {
                    "issuer": "https://access.line.me",
                    "audiences": [LINE_LOGIN],
                    "channel": "line",
                    "secret_file": str(folder.secrets / "login-secret"),
                }
            ]
        ),
        # Short, so that what a killed adapter held is soon offered again.
        TODOKE_LEASE_SECONDS="3",
        TODOKE_POLL_SECONDS="0.2",
        TODOKE_DRAIN_SECONDS="3",
    )


def core_part(folder: Folder, places: Places, settings: Mapping[str, str]) -> Part:
    return Part(
        "core",
        places.core,
        (*TODOKE, "core", "--migrate"),
        settings,
        folder.logs / "core.log",
        lambda: _serves(places.core_address),
    )


def simulator_part(folder: Folder, places: Places, account: str) -> Part:
    command = (
        *(*TODOKE, "simulate", "line", "--port", str(places.simulator)),
        *("--state", str(folder.simulator_state), "--account-name", account),
        *("--channel-secret-file", str(folder.secrets / "line-secret")),
        *("--channel-access-token-file", str(folder.secrets / "line-token")),
        *("--webhook-url", f"{places.line_url}/line/webhook"),
        *("--cards", str(folder.city / "authority" / "cards")),
        *("--login-channel-id", LINE_LOGIN),
        *("--login-channel-secret-file", str(folder.secrets / "login-secret")),
        *("--login-callback-url", f"{places.web_url}/line/callback"),
    )
    return Part(
        "simulator",
        places.simulator,
        command,
        environment(),
        folder.logs / "simulator.log",
        lambda: _is_well(f"{places.simulator_url}/admin/counts"),
    )


def auth_app_part(folder: Folder, places: Places, name: str) -> Part:
    callbacks = (("--redirect-uri", address) for address in places.app_callbacks)
    command = (
        *(*TODOKE, "simulate", "auth-app", "--port", str(places.auth_app)),
        *("--state", str(folder.auth_app), "--cards", str(folder.city)),
        *("--client-id", APP_CLIENT, "--client-name", name),
        *("--client-jwks", str(folder.secrets / "app-jwks")),
        *(word for pair in callbacks for word in pair),
    )
    return Part(
        "auth_app",
        places.auth_app,
        command,
        environment(),
        folder.logs / "auth-app.log",
        lambda: _is_well(f"{places.auth_app_url}/api/realms/main/.well-known/openid-configuration"),
    )


def web_part(folder: Folder, places: Places, city: str) -> Part:
    settings = environment(
        TODOKE_WEB_CORE_ADDRESS=places.core_address,
        TODOKE_WEB_CORE_TOKEN_FILE=str(folder.secrets / "web-adapter"),
        TODOKE_WEB_PUBLIC_URL=places.web_url,
        TODOKE_WEB_SESSION_KEY_FILE=str(folder.secrets / "web-sessions"),
        TODOKE_WEB_CITY=city,
        TODOKE_WEB_AUTHENTICATION_APP="true",
        TODOKE_WEB_LINE_LOGIN_CHANNEL_ID=LINE_LOGIN,
        TODOKE_WEB_LINE_LOGIN_CHANNEL_SECRET_FILE=str(folder.secrets / "login-secret"),
        TODOKE_WEB_LINE_LOGIN_AUTHORIZE_URL=f"{places.simulator_url}/oauth2/v2.1/authorize",
        TODOKE_WEB_LINE_LOGIN_TOKEN_URL=f"{places.simulator_url}/oauth2/v2.1/token",
        TODOKE_WEB_PORT=str(places.web),
    )
    return Part(
        "web",
        places.web,
        (*TODOKE, "web"),
        settings,
        folder.logs / "web.log",
        lambda: _is_well(f"http://127.0.0.1:{places.web}/healthz"),
    )


def board_part(folder: Folder, places: Places, city: str) -> Part:
    settings = environment(
        TODOKE_BOARD_CORE_ADDRESS=places.core_address,
        TODOKE_BOARD_CORE_TOKEN_FILE=str(folder.secrets / "board-adapter"),
        TODOKE_BOARD_PUBLIC_URL=places.board_url,
        TODOKE_BOARD_SESSION_KEY_FILE=str(folder.secrets / "board-sessions"),
        TODOKE_BOARD_CITY=city,
        TODOKE_BOARD_PORT=str(places.board),
    )
    return Part(
        "board",
        places.board,
        (*TODOKE, "board"),
        settings,
        folder.logs / "board.log",
        lambda: _is_well(f"{places.board_url}/healthz"),
    )


def line_part(folder: Folder, places: Places) -> Part:
    settings = environment(
        TODOKE_LINE_CORE_ADDRESS=places.core_address,
        TODOKE_LINE_CORE_TOKEN_FILE=str(folder.secrets / "line-adapter"),
        TODOKE_LINE_CHANNEL_SECRET_FILE=str(folder.secrets / "line-secret"),
        TODOKE_LINE_ACCESS_TOKEN_FILE=str(folder.secrets / "line-token"),
        TODOKE_LINE_PUBLIC_URL=places.line_url,
        TODOKE_LINE_API_URL=places.simulator_url,
        TODOKE_LINE_PORT=str(places.line),
        TODOKE_LINE_WEB_URL=places.web_url,
        TODOKE_LINE_BOARD_URL=places.board_url,
        TODOKE_LINE_APP_PAGES="true",
        TODOKE_LINE_PAGE_SECRET_FILE=str(folder.secrets / "page-secret"),
        # Well within the lease.
        TODOKE_LINE_SEND_TIMEOUT="2",
    )
    return Part(
        "line",
        places.line,
        (*TODOKE, "line"),
        settings,
        folder.logs / "line.log",
        lambda: _is_well(f"{places.line_url}/healthz"),
    )


async def run(settings: Mapping[str, str], *arguments: str) -> None:
    """Run a `todoke` command to its end. Raises CommandFailed."""
    process = await asyncio.create_subprocess_exec(
        *TODOKE,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=settings,
    )
    said, _ = await process.communicate()
    if process.returncode:
        words = said.decode(errors="replace").strip()
        raise CommandFailed(f"todoke {' '.join(arguments)}: {words}")


async def _serves(address: str) -> bool:
    async with grpc.aio.insecure_channel(address) as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            request_serializer=HealthCheckRequest.SerializeToString,
            response_deserializer=HealthCheckResponse.FromString,
        )
        try:
            answer = await check(HealthCheckRequest(), timeout=1)
        except grpc.aio.AioRpcError:
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)


async def _is_well(url: str) -> bool:
    try:
        async with aiohttp.ClientSession(timeout=LOOK) as http, http.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False

"""What browsers may do with our pages, said by every answer of an adapter."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GUARDED = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
OUR_FILES = ("/static/", "/script/")
KEPT = "max-age=300"
"""How long browsers keep what is the same for everybody: it is asked for on every page."""


class Guarding:
    """Middleware: every answer says what browsers may do with it, unless it says so itself."""

    def __init__(self, app: ASGIApp, policy: str = POLICY) -> None:
        self._app = app
        self._headers = {**GUARDED, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_file = scope["type"] == "http" and scope["path"].startswith(OUR_FILES)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if is_file and message["status"] < 400:
                    headers.setdefault("cache-control", KEPT)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)

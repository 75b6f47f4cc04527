"""Forms: read only from our own pages, no longer than they may be, each under its request id."""

import hashlib
import json
import re
import secrets
import unicodedata
import uuid
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024
MOST_FIELDS = 2500
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNSAID = {"csrf", "request_id"}


class NotOurForm(HTTPException):
    """The form was not made by a page of this session."""

    def __init__(self) -> None:
        super().__init__(403)


class Form(dict[str, list[str]]):
    """What was filled in, by field; characters around it are taken away."""

    def one(self, name: str) -> str:
        return self.get(name, [""])[0]

    @property
    def request_id(self) -> str:
        """The id from the page: the same however often the button is pressed."""
        id = self.one("request_id")
        return id if REQUEST_ID.fullmatch(id) else new_id()

    @property
    def code(self) -> str:
        """The code that was typed: of any width, in small letters, with gaps."""
        plain = unicodedata.normalize("NFKC", self.one("code")).upper()
        return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def new_id() -> str:
    return str(uuid.uuid4())


def repeated(form: Form, *more: bytes) -> str:
    """Make the id of one thing said by a form: the same when it is sent again, else another."""
    digest = hashlib.sha256(form.request_id.encode())
    said = sorted((name, values) for name, values in form.items() if name not in UNSAID)
    for part in (json.dumps(said).encode(), *more):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


async def read(request: Request, csrf: str) -> Form:
    """Read a form of the session that has this secret. Raises NotOurForm."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        form = Form()
        for name, value in sent.multi_items():
            if isinstance(value, str):
                form.setdefault(name, []).append(value.strip())
    require_ours(form, csrf)
    return form


def require_ours(form: Form, csrf: str) -> None:
    """Take a form only with the secret of its session. Raises NotOurForm."""
    if not secrets.compare_digest(form.one("csrf").encode(), csrf.encode()):
        raise NotOurForm


def own_path(path: str) -> str:
    """Take a path of this site from a form; anything else leads to the beginning."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    is_plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if is_ours and is_plain and not parts.netloc else "/"


class Limiting:
    """Middleware: longer bodies are refused, also where their length is not told.

    A page that takes files says so in `request.state.most_bytes` before it reads them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > scope.get("state", {}).get("most_bytes", MOST_BYTES):
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)

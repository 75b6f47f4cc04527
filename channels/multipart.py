"""Forms that carry files, read part by part: held in memory, never on a disk of this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from channels.forms import Form, require_ours

MEGABYTE = 1024 * 1024
MOST_TEXT = 64 * 1024


class TooLarge(Exception):  # noqa: N818 - named for what the file is.
    """A file is larger than may be taken; nothing of it was kept."""


@dataclass(slots=True)
class Part:
    """A field of a form that carries files."""

    name: str = ""
    file_name: str | None = None
    body: bytearray = field(default_factory=bytearray)


class _Parts:
    """Gathers parts as the parser finds them."""

    def __init__(self, most_bytes: int) -> None:
        self.ready: list[Part] = []
        self._most = most_bytes
        self._part = Part()
        self._header, self._value = bytearray(), bytearray()

    def on_part_begin(self) -> None:
        self._part = Part()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            options = parse_options_header(bytes(self._value))[1]
            self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode("utf-8", "replace")
        self._header, self._value = bytearray(), bytearray()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._part.body += data[start:end]
        most = MOST_TEXT if self._part.file_name is None else self._most
        if len(self._part.body) > most:
            raise TooLarge

    def on_part_end(self) -> None:
        self.ready.append(self._part)
        self._part = Part()


async def parts(request: Request, most_bytes: int) -> AsyncIterator[Part]:
    """Read a form part by part. Raises TooLarge, and HTTPException where it is none."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(400)
    found = _Parts(most_bytes)
    names = ("part_begin", "part_data", "part_end", "header_field", "header_value", "header_end")
    calls = {f"on_{name}": getattr(found, f"on_{name}") for name in names}
    parser = MultipartParser(options[b"boundary"], calls)  # type: ignore[arg-type]
    try:
        async for chunk in request.stream():
            parser.write(chunk)
            for part in found.ready:
                yield part
            found.ready.clear()
    except MultipartParseError:
        raise HTTPException(400) from None


async def files_of(
    request: Request,
    form: Form,
    csrf: str,
    *,
    most_bytes: int,
    most_files: int,
    most_texts: int = 1,
) -> AsyncIterator[Part]:
    """Read into a form of the session that has this secret; yield its files as they come.

    On our pages the fields come before the files: a file of no form of ours is never taken. Raises
    TooLarge, NotOurForm.
    """
    whole = most_bytes * most_files + most_texts * MOST_TEXT
    request.state.most_bytes = whole
    if int(request.headers.get("content-length") or 0) > whole:
        raise TooLarge
    async for part in parts(request, most_bytes):
        if part.file_name is None:
            said = part.body.decode("utf-8", "replace").strip()
            form.setdefault(part.name, []).append(said)
        elif part.file_name:
            require_ours(form, csrf)
            yield part
    require_ours(form, csrf)

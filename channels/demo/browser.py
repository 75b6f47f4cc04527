"""The browser of a resident's phone, as a script uses it: open a page, fill in a form, press on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from channels.demo.phone import Phones
from channels.demo.steady import Breath, Up

AWAY = {502, 503, 504}
VOID = frozenset({"submit", "button", "image", "reset", "file"})


class PageUnexpected(Exception):  # noqa: N818 - named for the event, not as an error.
    """A page lacks what the script wants to press; the pages and the script disagree."""


@dataclass(slots=True)
class Form:
    """A form with what its fields hold at first."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)
    """Every name that could be sent, also of boxes that are not ticked."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was shown: its text, its forms and where its links lead."""

    status: int
    text: str
    forms: tuple[Form, ...]
    links: tuple[str, ...]

    def form(self, *names: str) -> Form:
        """Return the form that has all of these fields. Raises PageUnexpected."""
        for form in self.forms:
            if form.offered >= set(names):
                return form
        raise PageUnexpected(f"no form with {names} on:\n{self.text[:500]}")

    def form_to(self, part: str) -> Form:
        """Return the first form that is sent to an address with `part`. Raises PageUnexpected."""
        for form in self.forms:
            if part in unquote(form.action):
                return form
        raise PageUnexpected(f"no form to {part} on:\n{self.text[:500]}")

    def leads_to(self, part: str) -> bool:
        """Whether a form is sent to such an address."""
        return any(part in unquote(form.action) for form in self.forms)

    def link_to(self, part: str) -> str:
        """Return the first link to an address with `part`. Raises PageUnexpected."""
        return next((one for one in self.links if part in unquote(one)), "") or self.link(part)

    def link(self, part: str) -> str:
        """Return the first link whose address holds `part`. Raises PageUnexpected."""
        for link in self.links:
            if part in link:
                return link
        raise PageUnexpected(f"no link to {part} on:\n{self.text[:500]}")


class Browser:
    """One person's browser; cookies are the phone's. `up` returns once the city's pages answer."""

    def __init__(self, phones: Phones, user_id: str, up: Up) -> None:
        self._phones = phones
        self._up = up
        self._path = f"/phone/{user_id}/browse"

    async def open(self, url: str) -> Page:
        """Open an address of the network, or a link of a page that the phone showed."""
        path = url if url.startswith("/phone/") else f"{self._path}?url={quote(url, safe='')}"
        return await self._shown("GET", path)

    async def press(self, form: Form, fields: Mapping[str, str] | None = None) -> Page:
        """Send a form with these fields changed, and return what is shown then."""
        filled = {**form.fields, **(fields or {})}
        if form.method == "get":
            pairs = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in filled.items())
            joint = "&" if "?" in form.action else "?"
            return await self._shown("GET", f"{form.action}{joint}{pairs}")
        return await self._shown("POST", form.action, filled)

    async def send_photo(self, form: Form, photo: bytes) -> Page:
        """Send a form with a photograph, and return what is shown then."""

        async def send() -> tuple[int, str]:
            return await self._phones.send_file(form.action, form.fields, "new", photo)

        return await self._until_shown(send)

    async def _shown(self, method: str, path: str, form: dict[str, str] | None = None) -> Page:
        return await self._until_shown(lambda: self._phones.page(method, path, form))

    async def _until_shown(self, ask: Callable[[], Awaitable[tuple[int, str]]]) -> Page:
        """Ask until a page comes: forms carry an id by which a repeat changes nothing twice."""
        breath = Breath(self._up)
        while True:
            status, html = await ask()
            if status not in AWAY:
                return _read(status, html)
            await breath.take()


def _read(status: int, html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = "\n".join(line for line in map(str.strip, "".join(reader.text).splitlines()) if line)
    return Page(status, text, tuple(reader.forms), tuple(reader.links))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                method = given.get("method", "get").lower()
                self._form = Form(given.get("action", ""), method)
                self.forms.append(self._form)
            case "a":
                self.links.append(given.get("href", ""))
            case "script" | "style":
                self._hidden += 1
            case "input" | "textarea" | "button" if self._form is not None:
                self._take(tag, given)
            case "select":
                self._select = given.get("name", "")
            case "option" if self._form is not None and self._select:
                self._choose(given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text" if tag == "input" else tag)
        if self._form is None or not name:
            return
        self._form.offered.add(name)
        if kind in VOID:
            return
        ticked = kind not in {"checkbox", "radio"} or "checked" in given
        if ticked:
            self._form.fields[name] = given.get("value", "")

    def _choose(self, given: dict[str, str]) -> None:
        if self._form is None:
            return
        self._form.offered.add(self._select)
        if "selected" in given or self._select not in self._form.fields:
            self._form.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._form = None
            case "select":
                self._select = ""
            case "script" | "style":
                self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)

"""Copies a page so that its reader stays inside the phone."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

CARD_SCHEME = "todoke-card:"
FOLLOWED = {"a", "area"}
# These may need the phone's cookies; scripts and style sheets come from their home.
SHOWN = {"img", "input", "source", "audio", "video", "embed", "iframe"}


def link(person_id: str, url: str, *, origin: str = "") -> str:
    """Lead a URL through the phone; `origin` is that of a page whose form is posted there."""
    if url.startswith(CARD_SCHEME):
        return f"/phone/{person_id}/card?request={quote(url.removeprefix(CARD_SCHEME), safe='')}"
    if urlsplit(url).scheme not in {"http", "https"}:
        return url
    whole, fragment = urldefrag(url)
    led = f"/phone/{person_id}/browse?url={quote(whole, safe='')}"
    if origin:
        led += f"&origin={quote(origin, safe='')}"
    return f"{led}#{fragment}" if fragment else led


class Rewriter(HTMLParser):
    """Leads a page's links, forms and pictures through the phone, and its assets to their home."""

    def __init__(self, person_id: str, url: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._person_id = person_id
        self._url = url
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs, ">")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs, " />")

    def _open(self, tag: str, attrs: list[tuple[str, str | None]], end: str) -> None:
        if tag == "base":
            self._url = urljoin(self._url, dict(attrs).get("href") or "")
            return
        changed = [(name, self._changed(tag, name, value)) for name, value in attrs]
        target = ""
        if tag == "form":
            fields = dict(attrs)
            target = urljoin(self._url, fields.get("action") or "")
            is_get = (fields.get("method") or "get").lower() == "get"
            changed = [(name, value) for name, value in changed if name != "action"]
            here = f"/phone/{self._person_id}/browse"
            changed.append(("action", here if is_get else self._posted(target)))
            # The fields of a GET form replace the query of its action.
            target = urlunsplit(urlsplit(target)._replace(query="")) if is_get else ""
        self.out.append(_tag(tag, changed, end))
        if target:
            self.out.append(_tag("input", [("type", "hidden"), ("name", "url"), ("value", target)]))

    def _changed(self, tag: str, name: str, value: str | None) -> str | None:
        if name == "formaction":
            return self._posted(urljoin(self._url, value or ""))
        if name not in {"src", "href"} or value is None or value.startswith("#"):
            return value
        whole = value if value.startswith(CARD_SCHEME) else urljoin(self._url, value)
        is_led = tag in FOLLOWED if name == "href" else tag in SHOWN
        return link(self._person_id, whole) if is_led else whole

    def _posted(self, target: str) -> str:
        return link(self._person_id, target, origin=self._origin)

    def handle_endtag(self, tag: str) -> None:
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _tag(tag: str, attributes: list[tuple[str, str | None]], end: str = ">") -> str:
    words = [
        name if value is None else f'{name}="{escape(value)}"'
        for name, value in attributes
        # A picture without its other sizes shows the one that `src` names.
        if name not in {"target", "srcset"}
    ]
    return f"<{' '.join([tag, *words])}{end}"

"""The cookies of a simulated phone, kept as a browser keeps them."""

import hashlib
from collections.abc import Sequence
from http.cookies import BaseCookie
from pathlib import Path

import aiohttp
from yarl import URL

HERE = URL("http://127.0.0.1")


class Jar(aiohttp.CookieJar):
    """Takes and sends `Secure` cookies over plain HTTP, for a phone that reaches this machine only.

    Browsers hold loopback for a secure place. As in them cookies know no ports; all of
    127.0.0.1 is one site, so that `SameSite` keeps nothing back.
    """

    def __init__(self) -> None:
        # Quotes around a value are an invention of http.cookies; no browser adds them.
        super().__init__(unsafe=True, quote_cookie=False)

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        super().update_cookies_from_headers(
            [header for header in headers if keeps_its_prefix(header)], response_url
        )

    def filter_cookies(self, request_url: URL = HERE) -> BaseCookie[str]:
        return super().filter_cookies(request_url.with_scheme("https"))


class Jars:
    """Each phone's jar, in a folder: a phone that is started again is still signed in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jars: dict[str, Jar] = {}

    def of(self, person_id: str) -> Jar:
        """Return a person's jar, as it was kept last."""
        if person_id not in self._jars:
            jar = Jar()
            if (kept := self._file(person_id)).exists():
                jar.load(kept)
            self._jars[person_id] = jar
        return self._jars[person_id]

    def keep(self, person_id: str) -> None:
        """Put a jar on disk: whole, or as it was before."""
        file = self._file(person_id)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        self.of(person_id).save(half)
        half.replace(file)

    def _file(self, person_id: str) -> Path:
        # Whatever a person is called, it is no path.
        return self._folder / f"{hashlib.sha256(person_id.encode()).hexdigest()}.json"


def keeps_its_prefix(header: str) -> bool:
    """Tell whether a Set-Cookie has what its name promises, or a browser drops it.

    RFC 6265bis, "Cookie Name Prefixes".
    """
    pair, *rest = header.split(";")
    name = pair.partition("=")[0].strip().lower()
    attributes = {
        key.strip().lower(): value.strip()
        for key, _, value in (part.partition("=") for part in rest)
    }
    if name.startswith("__host-"):
        is_whole = attributes.get("path") == "/" and not attributes.get("domain")
        return "secure" in attributes and is_whole
    return "secure" in attributes or not name.startswith("__secure-")

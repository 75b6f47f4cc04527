"""Addresses and telephone numbers that stand in a text, to be followed where somebody reads it.

Only what begins with http:// or https://, and the numbers of Japan's network, are anything to
follow; of everything else a text stays a text. What is shown is what was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

ADDRESS = r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"
DIGIT = "[0-9０-９]"
DASH = "[-‐‑‒–−－ー]"
NUMBER = (
    rf"(?<![0-9０-９A-Za-z+/{DASH[1:-1]}])"
    rf"(?:[(（]0{DIGIT}{{1,4}}[)）]|[0０]{DIGIT}{{0,4}})"
    rf"(?:{DASH}|[(（])?{DIGIT}{{1,4}}(?:{DASH}|[)）])?{DIGIT}{{3,4}}"
    rf"(?![0-9０-９A-Za-z]|{DASH}{DIGIT})"
)
FOUND = re.compile(f"(?P<address>{ADDRESS})|(?P<number>{NUMBER})", re.IGNORECASE)
LENGTHS = {10, 11}
"""Digits of a number in Japan, with the 0 before it; a postal code or a date has other lengths."""


class Part(NamedTuple):
    """A part of a text; `href` is empty where there is nothing to follow."""

    text: str
    href: str = ""


def parts(text: str) -> Iterator[Part]:
    """Return a text in parts, which together are the text again."""
    at = 0
    for found in FOUND.finditer(text):
        said = _bounded(found["address"]) if found["address"] else found[0]
        href = _address(said) if found["address"] else _number(said)
        if not href:
            continue
        if found.start() > at:
            yield Part(text[at : found.start()])
        yield Part(said, href)
        at = found.start() + len(said)
    if at < len(text):
        yield Part(text[at:])


def holds(text: str) -> bool:
    """Whether there is something to follow in a text."""
    return any(part.href for part in parts(text))


def _bounded(address: str) -> str:
    """Return an address without what ends the sentence that it stands in."""
    while address:
        bare = address.rstrip(".,;:!?'*")
        if bare.endswith(")") and bare.count(")") > bare.count("("):
            bare = bare[:-1]
        if bare == address:
            break
        address = bare
    return address


def _address(said: str) -> str:
    """Return where an address leads; what pretends to be another's by a name before @, nowhere."""
    try:
        there = urlsplit(said)
        host = there.hostname
        _ = there.port  # Refuses what is none.
    except ValueError:
        return ""
    return said if host and "@" not in there.netloc else ""


def _number(said: str) -> str:
    digits = "".join(one for one in unicodedata.normalize("NFKC", said) if one.isdigit())
    return f"tel:{digits}" if len(digits) in LENGTHS else ""

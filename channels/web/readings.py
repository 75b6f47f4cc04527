"""Readings over kanji, from texts that give them as ｜漢字《かんじ》."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from channels.web.words import Words

RUBY = re.compile("｜([^｜《》]+)《([^《》]+)》")
ONE = Markup("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>")


def shown(text: str, ruby: str, *, is_wanted: bool) -> Markup:
    """Return a text for a page; with readings where they are wanted and the text has them."""
    if not is_wanted or not ruby.strip():
        return Markup.escape(text)
    parts, at = [], 0
    for found in RUBY.finditer(ruby):
        parts += [Markup.escape(ruby[at : found.start()]), ONE.format(found[1], found[2])]
        at = found.end()
    return Markup().join([*parts, Markup.escape(ruby[at:])])


def plain(text: str) -> str:
    """Return a text without its readings."""
    return RUBY.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class Reading:
    """What pages say where readings can stand: everywhere but in titles and names of things."""

    words: "Words"
    is_wanted: bool

    def say(self, name: str, **places: object) -> Markup:
        """Word a sentence of the catalogue."""
        text = self.words.read(name, **places)
        return shown(plain(text), text if RUBY.search(text) else "", is_wanted=self.is_wanted)

    def text(self, text: str, ruby: str) -> Markup:
        """Write what the core says."""
        return shown(text, ruby, is_wanted=self.is_wanted)

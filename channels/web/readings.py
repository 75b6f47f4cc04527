"""Readings over kanji, from texts that give them as ｜漢字《かんじ》."""

import re

from markupsafe import Markup

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

"""The last lines: the keys that act here, greyed where they cannot act now; each can be clicked."""

from collections.abc import Iterator
from typing import NamedTuple

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.wording import Words

SYMBOLS = {
    "question_mark": "?",
    "slash": "/",
    "escape": "esc",
    "ctrl+q": "^q",
    "enter": "⏎",
    "delete": "del",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}
GAP = "  "
SIDES = 2
"""Cells of padding, left and right together."""


class Key(NamedTuple):
    """A key, what it does, and whether it does it now."""

    key: str
    label: str
    enabled: bool


def key_name(key: str) -> str:
    """Name a key as its cap does."""
    return SYMBOLS.get(key, key)


class KeyBar(Static):
    """Bindings' descriptions are keys of the catalogue; those of the screen come before the app's.

    It takes a line more rather than cut a key off.
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self._shown: tuple[int, list[Key]] | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self._show(self.screen)

    def on_resize(self) -> None:
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        if screen is not self.screen:
            return
        # Told anew at each change of focus; what stays as it is makes the screen lay out nothing.
        shown = self.app.size.width, list(self._keys(screen))
        if shown == self._shown:
            return
        self._shown = shown
        lines: list[Content] = []
        for part in map(_part, shown[1]):
            longer = Content.assemble(lines[-1], GAP, part) if lines else part
            if lines and longer.cell_length <= self.app.size.width - SIDES:
                lines[-1] = longer
            else:
                lines.append(part)
        self.update(Content("\n").join(lines))

    def _keys(self, screen: Screen[object]) -> Iterator[Key]:
        for active in screen.active_bindings.values():
            label = self._words.find(active.binding.description)
            if active.binding.show and label is not None:
                yield Key(active.binding.key, label, active.enabled)


def _part(key: Key) -> Content:
    # A greyed key is in brackets too, so that the greying is not told by shade alone.
    cap = key_name(key.key) if key.enabled else f"({key_name(key.key)})"
    part = Content.from_markup(
        f"[@click=screen.press('{key.key}')]$cap $label[/]", cap=cap, label=key.label
    )
    return part if key.enabled else part.stylize("dim")

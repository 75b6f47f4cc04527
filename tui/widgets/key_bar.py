"""The last lines: the keys that act here, greyed where they cannot act now; each can be clicked."""

from collections.abc import Iterator

from textual.binding import ActiveBinding
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
}
GAP = "  "
SIDES = 2
"""Cells of padding, left and right together."""


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

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self._show(self.screen)

    def on_resize(self) -> None:
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        if screen is not self.screen:
            return
        lines: list[Content] = []
        for part in self._parts(screen):
            longer = Content.assemble(lines[-1], GAP, part) if lines else part
            if lines and longer.cell_length <= self.app.size.width - SIDES:
                lines[-1] = longer
            else:
                lines.append(part)
        self.update(Content("\n").join(lines))

    def _parts(self, screen: Screen[object]) -> Iterator[Content]:
        for active in screen.active_bindings.values():
            label = self._words.find(active.binding.description)
            if active.binding.show and label is not None:
                yield _part(active, label)


def _part(active: ActiveBinding, label: str) -> Content:
    key = active.binding.key
    # A greyed key is in brackets too, so that the greying is not told by shade alone.
    cap = key_name(key) if active.enabled else f"({key_name(key)})"
    part = Content.from_markup(
        f"[@click=screen.press('{key}')]$cap $label[/]", cap=cap, label=label
    )
    return part if active.enabled else part.stylize("dim")

"""Boxes to tick, which show by their sign and not by their colour alone whether they are ticked."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Checkbox, SelectionList

TICKED, EMPTY = "X", " "


class Tick(Checkbox):
    """A Checkbox whose box is empty until it is ticked."""

    BUTTON_INNER = EMPTY

    def on_mount(self) -> None:
        self.BUTTON_INNER = TICKED if self.value else EMPTY

    def watch_value(self) -> None:
        self.BUTTON_INNER = TICKED if self.value else EMPTY
        super().watch_value()


class Ticks(SelectionList[str]):
    """A SelectionList whose boxes are empty until they are ticked."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        at = self.scroll_offset.y + y
        if at >= self.option_count or self.get_option_at_index(at).value in self.selected:
            return strip
        left, inner, *rest = strip
        return Strip([left, Segment(EMPTY, inner.style), *rest])

"""Toasts are drawn whole.

Textual cuts every line where any widget on it begins or ends, hidden ones too, and puts blanks for
a wide character that a cut goes through: a Japanese sentence over the line between two panes would
have holes.
"""

from textual._compositor import Compositor
from textual.widgets._toast import Toast


class WholeToasts(Compositor):
    """No cut goes through a toast that reaches the right edge: nothing is seen past it."""

    @property
    def cuts(self) -> list[list[int]]:
        """Where each line is cut."""
        cuts = super().cuts
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            if isinstance(widget, Toast) and shown.right == self.size.width:
                for y in shown.line_range:
                    cuts[y] = [cut for cut in cuts[y] if cut <= shown.x or cut >= shown.right]
        return cuts

"""The app without a terminal: nobody sees what it draws, but a test that looks by itself."""

from pathlib import Path
from typing import Any

from textual.events import Mount
from textual.screen import Screen

import tui
from tui.app import TodokeApp
from tui.screens.dashboard import DashboardScreen


class Unseen(TodokeApp):
    """Lays everything out, and draws nothing: Textual would draw each change, a fifth of its work.

    Who sits at the desk already begins at the dashboard.
    """

    CSS_PATH = Path(tui.__file__).with_name(TodokeApp.CSS_PATH)

    def on_mount(self, event: Mount) -> None:
        if self.desk.person is not None:
            event.prevent_default()
            self.push_screen(DashboardScreen(self.desk))

    def push_screen(self, screen: Screen[Any], *args: Any, **how: Any) -> Any:
        return super().push_screen(_undrawn(screen), *args, **how)

    def switch_screen(self, screen: Screen[Any]) -> Any:
        return super().switch_screen(_undrawn(screen))


def _undrawn(screen: Screen[Any]) -> Screen[Any]:
    compositor = screen._compositor
    draw = compositor.render_update

    def draw_pictures_only(*, full: bool = False, **how: Any) -> Any:
        if full:
            return draw(full=True, **how)
        compositor._dirty_regions.clear()
        return None

    compositor.render_update = draw_pictures_only
    return screen

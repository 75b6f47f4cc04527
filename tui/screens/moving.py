"""A screen that moves by itself: it reads anew every other second while it is shown."""

from tui.screens.subject import SubjectScreen


class Moving(SubjectScreen):
    """For what changes without an event, such as how fast it goes."""

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(self.desk.tick_seconds, self._tick)

    def _tick(self) -> None:
        if self.is_current:  # Under a dialog or another screen it rests.
            self.touch()

"""The two lines on top: where and who, whether the core answers, the screens by digit."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from todoke.client import CoreError
from tui import formats, roles
from tui.desk import Desk

SHAPES = (" {digit} {name} ", " {digit} {name}", " {digit}{name}")
"""How a screen is named on the second line: with as many blanks as all of them have room for."""


class TitleBar(Vertical):
    """`subject` is the screen it stands on."""

    def __init__(self, desk: Desk, subject: str) -> None:
        super().__init__()
        self._desk = desk
        self._subject = subject

    def compose(self) -> ComposeResult:
        with Horizontal(id="title"):
            yield Static(self._who(), id="who")
            yield Static(id="link")
        yield Static(self._tabs(), id="tabs")
        yield Static(id="broken", markup=False)

    def on_mount(self) -> None:
        self.show_link(None)

    def show_link(self, error: CoreError | None) -> None:
        """Show whether the core answers; if not, what is wrong and since when."""
        words, since = self._desk.words, self._desk.broken_since
        broken = self.query_one("#broken", Static)
        broken.display = error is not None
        link = self.query_one("#link", Static)
        link.set_class(error is not None, "-broken")
        if error is None:
            link.update(words("link.live"))
            return
        link.update(words("link.broken"))
        refusal = words.refusal(error)
        time = formats.clock(since) if since else ""
        broken.update(words("link.why", what=refusal.what, since=time, address=self._desk.address))

    def _who(self) -> Content:
        words, person = self._desk.words, self._desk.person
        if person is None:
            return Content(words("product"))
        return Content(
            words(
                "who",
                place=person.municipality_name or person.municipality,
                name=person.staff.display_name or person.staff.name,
            )
        )

    def _tabs(self) -> Content:
        words, person = self._desk.words, self._desk.person
        names = {
            subject: (digit, words(f"subject.{subject}")) for subject, digit in roles.DIGITS.items()
        }
        shape = next(
            (one for one in SHAPES if _width(one, names.values()) <= self.app.size.width),
            SHAPES[-1],
        )
        parts = []
        for subject, (digit, name) in names.items():
            allowed = person is None or person.holds(roles.SUBJECTS[subject])
            style = "reverse bold" if subject == self._subject else "" if allowed else "dim"
            tab = Content.from_markup(
                f"[@click=screen.open_subject('{subject}')]$label[/]",
                label=shape.format(digit=digit, name=name),
            )
            parts.append(tab.stylize(style) if style else tab)
        return Content("").join(parts)


def _width(shape: str, names: Iterable[tuple[str, str]]) -> int:
    return sum(cell_len(shape.format(digit=digit, name=name)) for digit, name in names)

"""`?`: what this screen is for, every key that acts here, and why a greyed one does not."""

from collections.abc import Callable, Mapping

from rich.cells import cell_len
from textual.binding import ActiveBinding
from textual.content import Content

from tui import roles
from tui.dialogs.note import Note
from tui.widgets.key_bar import key_name
from tui.wording import Words

KEY_CELLS = 8


class Help(Note):
    """The help of the screen with this subject."""

    def __init__(
        self,
        words: Words,
        subject: str,
        bindings: Mapping[str, ActiveBinding],
        why: Callable[[str], str],
    ) -> None:
        lines = [Content(words(f"help.{subject}")), Content("")]
        for active in bindings.values():
            label = words.find(active.binding.description)
            if label is None:
                continue
            cap = key_name(active.binding.key)
            line = Content.assemble((_padded(cap), "bold"), label)
            if not active.enabled:
                line = Content.assemble(line, (f"  — {why(active.binding.action)}", "dim"))
            lines.append(line)
        first, *_, last = roles.DIGITS.values()
        digits = f"{first}–{last}"
        lines.append(Content.assemble((_padded(digits), "bold"), words("help.digits")))
        lines += [
            Content.assemble((_padded(cap), "bold"), words(f"help.{name}"))
            for cap, name in (("↑ ↓", "move"), ("⏎", "enter"))
        ]
        super().__init__(words, words("help.title"), Content("\n").join(lines))


def _padded(cap: str) -> str:
    return cap + " " * max(1, KEY_CELLS - cell_len(cap))

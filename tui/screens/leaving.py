"""What is asked before something is left that was not kept."""

from tui.desk import Desk
from tui.dialogs.ask import Ask


def ask_leave(desk: Desk, what: str, **named: str) -> Ask:
    """Ask whether what was begun is thrown away; None where it is gone on with."""

    async def nothing(_: object, __: str) -> None:
        """Nothing is to be done: nothing was kept."""

    about = desk.words(f"ask.{what}.about", **named)
    return Ask(desk.words, what, nothing, about=about, grave=True)

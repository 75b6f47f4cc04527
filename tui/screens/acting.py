"""How a screen carries out what a dialog asks: say what came of it, and read the rows anew."""

from tui.dialogs.ask import Ask, Ended
from tui.screens.subject import SubjectScreen


class Acting(SubjectScreen):
    """For screens whose keys change something."""

    async def ask_for(self, dialog: Ask, done: str = "") -> str | None:
        """Run a dialog from a worker; return what it says was done, or None where nothing was.

        A dialog's answer is worded by itself as a str, or by `done`, a key of the catalogue. Where
        someone else was quicker, that is explained and the rows are read anew.
        """
        ended = await self.ended(dialog)
        if ended is None or ended.refused is not None:
            return None
        if done:
            self.tell(self.words(f"done.{done}"))
        return ended.answer if isinstance(ended.answer, str) else ""

    async def ended(self, dialog: Ask) -> Ended | None:
        """Run a dialog; say what it was refused with, and read the rows anew if it did anything."""
        ended: Ended | None = await self.app.push_screen_wait(dialog)
        if ended is not None:
            self.touch()
            if ended.refused is not None:
                self.tell(str(self.words.refusal(ended.refused)), severity="error")
        return ended

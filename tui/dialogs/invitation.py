"""A code to join an association: on the screen with its QR code, and as a sheet to print."""

from html import escape
from pathlib import Path
from typing import ClassVar

import segno
from textual import work
from textual.binding import Binding, BindingType

from todoke.v1.circulars_pb2 import CreateInvitationResponse
from tui import formats
from tui.dialogs.ask import Answers, Ask, Field
from tui.dialogs.code import CodeDialog, grouped
from tui.files import keep_own, written_path
from tui.wording import Words

SHEET = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font-family: sans-serif; text-align: center; line-height: 1.7 }}
h1 {{ font-size: 20pt }}
.code {{ font-size: 28pt; letter-spacing: .1em }}
svg {{ width: 60mm; height: 60mm }}
</style>
<h1>{title}</h1>
<p class="code">{code}</p>
{qr}
<p>{link}</p>
<p>{end}</p>
<p>{how}</p>
</html>
"""


class InvitationDialog(CodeDialog):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("p", "print_sheet", show=False)]

    def __init__(self, words: Words, whom: str, answer: CreateInvitationResponse) -> None:
        super().__init__(
            words,
            "invitation",
            name=whom,
            code=answer.code,
            end=answer.expire_time,
            link=answer.link,
        )
        self._link = answer.link

    @work(exclusive=True, group="save")
    async def action_print_sheet(self) -> None:
        """Save the sheet, to be printed from a browser."""
        ended = await self.app.push_screen_wait(self._ask_where())
        if ended is not None and isinstance(ended.answer, Path):
            text = self._words("done.invitation.saved", path=ended.answer)
            self.notify(text, markup=False)

    def _ask_where(self) -> Ask:
        words = self._words

        async def save(answers: Answers, _: str) -> Path:
            where = written_path(str(answers["path"]) or ".")
            return await keep_own(where, words("sheet.file_name"), self.sheet().encode())

        field = Field("path", value=".", hint="hint.export_path")
        about = words("ask.save_sheet.about", name=self._name)
        return Ask(words, "save_sheet", save, about=about, fields=(field,))

    def sheet(self) -> str:
        """Write the page that is handed out."""
        words = self._words
        return SHEET.format(
            language=escape(words.language),
            title=escape(words("sheet.title", name=self._name)),
            code=escape(grouped(self._code)),
            qr=segno.make(self._drawn, micro=False).svg_inline(border=4),
            link=escape(self._link),
            end=escape(words("code.invitation.end", time=formats.moment(self._end))),
            how=escape(words("sheet.how", code=self._code)),
        )

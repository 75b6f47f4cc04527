"""The QR code of an invitation holds its link, on the sheet and on a screen of 24 lines."""

import segno
from textual.app import App, ComposeResult
from textual.widgets import Static

from todoke.v1.circulars_pb2 import CreateInvitationResponse
from tui.dialogs.invitation import InvitationDialog
from tui.wording import Words

LINK = "https://kairan.city.soja.example.jp/join/ACDEFGHJKM"


class Alone(App[None]):
    CSS_PATH = "../../tui/app.tcss"

    def compose(self) -> ComposeResult:
        yield Static()


def test_the_sheet_shows_the_link_and_its_code() -> None:
    answer = CreateInvitationResponse(code="ACDEFGHJKM", link=LINK)
    sheet = InvitationDialog(Words("ja"), "東自治会", answer).sheet()

    assert LINK in sheet
    assert segno.make(LINK, micro=False).svg_inline(border=4) in sheet
    assert "ACDEF - GHJKM" in sheet


async def test_the_whole_code_fits_on_a_screen_of_24_lines() -> None:
    answer = CreateInvitationResponse(code="ACDEFGHJKM", link=LINK)
    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(InvitationDialog(Words("ja"), "東自治会", answer))
        await pilot.pause()
        code, close = app.screen.query_one("#code-qr"), app.screen.query_one("#close")

        assert code.size.height == len(str(code.render()).split("\n"))
        assert app.screen.region.contains_region(code.region)
        assert app.screen.region.contains_region(close.region)

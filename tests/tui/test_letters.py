"""Letters take a while to be set in type: the dialog says how far they have come."""

from pathlib import Path

from tests.tui.fake_core import City
from tests.tui.real_core import act, asking
from tests.tui.sitting import in_each_language, signed_in
from todoke.v1 import ledger_pb2 as pb
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.screens.ledger import LedgerScreen


def a_city_with_letters(city: City) -> None:
    city.add_program("給付金")
    city.add_line("総社 春子", pb.LEDGER_STATE_UNMATCHED)


@in_each_language
async def test_the_dialog_counts_letters_while_they_are_set(language: str, tmp_path: Path) -> None:
    async with signed_in(a_city_with_letters, language=language) as sitting:
        await sitting.open("2")
        await asking(sitting, "o", LedgerScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
        await asking(sitting, "e")
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        said = {"ja": "2,000通のうち1,000通", "en": "1,000 of 2,000 letters"}
        await sitting.sees(said[language])
        assert isinstance(sitting.screen, Ask)
        sitting.city.letters_set.set()
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        assert (tmp_path / "letters.pdf").read_bytes() == sitting.city.file

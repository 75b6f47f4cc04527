"""What staff do to a registration, by keys: consent, renewal, the record, deletion."""

import json
from datetime import timedelta
from pathlib import Path

from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.residents.makers import run_jobs
from tests.notices import kinds_told
from tests.tui.real_core import (
    act,
    asking,
    fill_in,
    found,
    opened,
    resident_is_read,
    sat_down,
    walked_again,
)
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.screens.residents import ResidentsScreen
from tui.screens.stale import StaleScreen


async def test_a_consent_is_taken_back_at_the_counter_and_told_once(
    hall: town.Town, cards: Cards
) -> None:
    line, holder = await hall.channel(), a_holder()
    made = await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await asking(sitting, "c")
        await sitting.sees("登録(版 2) 2026-11-24 から")
        await act(sitting)
        await sitting.until(lambda: "同意を取り消しました" in sitting.toasts)
        assert await kinds_told(hall) == [(made.external_id, "CONSENT_WITHDRAWN")]
        await sitting.press("c")
        await sitting.until(lambda: "いま続いている同意はありません" in sitting.toasts)


@walked_again
async def test_who_should_renew_is_listed_once_the_core_has_looked(
    hall: town.Town, cards: Cards
) -> None:
    line, holder = await hall.channel(), a_holder()
    await makers.a_resident(
        hall, line, cards.issue(holder, not_after=cards.now + timedelta(days=30))
    )
    await run_jobs(hall)

    async with sat_down(hall, "hara") as sitting:
        await sitting.sees("要更新の住民 1人")
        await sitting.press("7", "escape")
        await asking(sitting, "v", StaleScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        await sitting.sees("証明書の期限が近い")
        await sitting.sees("1回")
        await sitting.press("s")
        await sitting.sees("わけが「証明書が失効」の住民")
        await sitting.until(lambda: not sitting.screen.live.shown)
        await sitting.press("s", "s", "s", "s", "s")
        await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
        await sitting.press("d")
        await resident_is_read(sitting)
        await sitting.sees("! 本人確認のし直しが必要: 証明書の期限が近い")


@walked_again
async def test_a_record_is_read_and_kept_as_a_file_in_each_form(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    line, holder = await hall.channel(), a_holder()
    await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await asking(sitting, "o", Note)
        await sitting.sees("登録(版 2) 2026-11-24 から")
        await sitting.press("escape")
        for form in ("PDF", "JSON"):
            await asking(sitting, "e")
            await fill_in(sitting, format=f"EXPORT_FORMAT_{form}", path=str(tmp_path))
            await sitting.until(lambda: isinstance(sitting.screen, Note))
            await sitting.press("enter")
    pdf, plain = tmp_path / "record.pdf", tmp_path / "record.json"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert holder.name in plain.read_text()
    assert json.loads(plain.read_text())
    assert pdf.stat().st_mode & 0o077 == 0


@walked_again
async def test_a_registration_is_deleted_with_a_reason_and_found_no_more(
    hall: town.Town, cards: Cards
) -> None:
    line, holder = await hall.channel(), a_holder()
    await makers.a_resident(hall, line, cards.issue(holder))

    async with sat_down(hall, "hara") as sitting:
        await opened(sitting, name=holder.name)
        await asking(sitting, "delete")
        await fill_in(sitting, reason="")
        await sitting.sees("理由")
        assert isinstance(sitting.screen, Ask)
        await fill_in(sitting, reason="本人の求め")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("個人情報はすべて削除しました")
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, ResidentsScreen))
        assert not sitting.screen.live.shown
        assert await found(sitting, name=holder.name) == []

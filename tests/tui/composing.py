"""How campaigns are written by keys in tests: a part at a time, as staff do."""

from collections.abc import Sequence

from textual.widgets import TextArea

from tests.tui.real_core import act, asking, fill_in
from tests.tui.sitting import Sitting
from tui.dialogs.choose import Choose
from tui.dialogs.choose_several import ChooseSeveral, Ticked
from tui.screens.campaigns import CampaignsScreen
from tui.screens.composing import ComposingScreen
from tui.screens.segment import SegmentScreen
from tui.screens.writing import WritingScreen


async def the_campaigns(sitting: Sitting) -> None:
    await sitting.open("5")
    await sitting.press("c")
    await back_at_the_campaigns(sitting)


async def back_at_the_campaigns(sitting: Sitting) -> None:
    await sitting.until(lambda: isinstance(sitting.screen, CampaignsScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def composing(sitting: Sitting, key: str) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, ComposingScreen))
    await sitting.until(lambda: not sitting.screen.live.loading and sitting.screen.is_read)


async def to_part(sitting: Sitting, name: str) -> None:
    """Put the cursor on a part."""
    await writing(sitting)
    names = [part.name for part in sitting.screen.live.shown]
    await sitting.press("home", *["down"] * names.index(name))


async def saved(sitting: Sitting) -> None:
    await sitting.press("s")
    await sitting.until(lambda: not sitting.screen.unsaved)


async def writing(sitting: Sitting) -> None:
    await sitting.until(lambda: isinstance(sitting.screen, WritingScreen))


async def write(sitting: Sitting, name: str, **values: str) -> None:
    """Fill in what is asked of a part."""
    await to_part(sitting, name)
    await asking(sitting, "d")
    body = values.pop("message_body", None)
    if body is not None:
        sitting.screen.query_one("#field-message_body", TextArea).text = body
    await fill_in(sitting, **values)
    await writing(sitting)


async def choose(sitting: Sitting, label: str) -> None:
    """Narrow a list to a label and take it."""
    await sitting.until(lambda: isinstance(sitting.screen, Choose))
    before = sitting.screen
    await sitting.type(label)
    await sitting.press("enter")
    await sitting.until(lambda: sitting.screen is not before)


async def add(sitting: Sitting, *labels: str, **values: str) -> None:
    """Add a condition: its kind and what is chosen after it, or filled in."""
    await sitting.press("n")
    for label in labels:
        await choose(sitting, label)
    if values:
        await sitting.until(lambda: sitting.screen.query("#act"))
        await fill_in(sitting, **values)
    await in_the_tree(sitting)


async def in_the_tree(sitting: Sitting) -> None:
    await sitting.until(
        lambda: isinstance(sitting.screen, SegmentScreen) and not sitting.screen.live.loading
    )


async def throw_away(sitting: Sitting) -> None:
    """Leave what is not kept, which is asked first."""
    await sitting.press("escape")
    await sitting.until(lambda: sitting.screen.query("#act"))
    await act(sitting)


async def add_area(sitting: Sitting, *ticked: Sequence[str]) -> None:
    """Add a condition of where somebody lives: towns, then of a single one its blocks, if any."""
    await sitting.press("n")
    await choose(sitting, "町名")
    for names in ticked:
        await sitting.until(lambda: isinstance(sitting.screen, ChooseSeveral))
        dialog = sitting.screen
        offered = dialog.query_one(Ticked)
        await sitting.until(lambda: offered.option_count)  # noqa: B023 - waited for at once.
        for name in names:
            labels = [str(one.prompt).split()[0] for one in offered.options]
            await sitting.press("home", *["down"] * labels.index(name), "space")
        await sitting.press("enter")
        await sitting.until(lambda: sitting.screen is not dialog)  # noqa: B023 - the same.
    await in_the_tree(sitting)

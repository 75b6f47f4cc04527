"""What a person does with the menu at the bottom of the chat."""

from typing import Any

from channels.simulators.line import rich_menus
from channels.simulators.line.doings import Deed, Doing, NoSuchAction, act_on, refuse_blocked


def tap(index: Any) -> Deed:
    """Tap an area of the menu that the person sees."""

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        found = rich_menus.menu_of(doing.db, doing.person_id) or {"areas": []}
        if not isinstance(index, int) or not 0 <= index < len(found["areas"]):
            raise NoSuchAction(f"the menu has {len(found['areas'])} areas, and no {index}")
        return act_on(doing, found["areas"][index]["action"], picked="")

    return deed

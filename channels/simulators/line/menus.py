"""What a person does with the menu at the bottom of the chat."""

from typing import Any

from channels.simulators.line import rich_menus
from channels.simulators.line.answers import Refused
from channels.simulators.line.doings import Deed, Doing, NoSuchAction, act_on, refuse_blocked


def tap(index: Any, menu_id: str) -> Deed:
    """Tap an area of the menu that the person sees, or saw when a phone drew it: `menu_id`.

    A finger is slower than the account, which may have changed the menu meanwhile.
    """

    def deed(doing: Doing) -> dict[str, Any]:
        refuse_blocked(doing)
        found = _tapped(doing, menu_id)
        if not isinstance(index, int) or not 0 <= index < len(found["areas"]):
            raise NoSuchAction(f"the menu has {len(found['areas'])} areas, and no {index}")
        return act_on(doing, found["areas"][index]["action"], picked="")

    return deed


def _tapped(doing: Doing, menu_id: str) -> dict[str, Any]:
    if not menu_id:
        return rich_menus.menu_of(doing.db, doing.person_id) or {"areas": []}
    try:
        found, _ = rich_menus.find(doing.db, menu_id)
    except Refused as gone:
        raise NoSuchAction(f"there is no menu {menu_id}: it was deleted meanwhile") from gone
    return found

"""LINE's Flex bubble as this account uses it: a title, paragraphs, facts, and buttons.

Colours are the Digital Agency's; each keeps a contrast of at least 4.5 to 1 on white.
"""

import json
from collections.abc import Sequence
from typing import Any

import orjson

KEY_BLUE = "#0017c1"
TEXT = "#1a1a1a"
QUIET = "#626264"
WARNING = "#b01a00"

Component = dict[str, Any]


def paragraph(
    text: str, *, size: str = "md", color: str = TEXT, weight: str = "regular"
) -> Component:
    return {
        "type": "text",
        "text": text,
        "wrap": True,
        "size": size,
        "color": color,
        "weight": weight,
    }


def fact(label: str, value: str) -> Component:
    """Show a line of what is held: its name above, so that large letters leave room."""
    return {
        "type": "box",
        "layout": "vertical",
        "contents": [
            paragraph(label, size="sm", color=QUIET),
            paragraph(value, size="lg", weight="bold"),
        ],
    }


def button(action: dict[str, str], *, stands_out: bool) -> Component:
    if stands_out:
        return {"type": "button", "style": "primary", "color": KEY_BLUE, "action": action}
    return {"type": "button", "style": "secondary", "action": action}


def bubble(
    title: str,
    parts: Sequence[Component],
    actions: Sequence[dict[str, str]] = (),
    *,
    stands_out: int = 0,
) -> dict[str, Any]:
    """Build a bubble; one button stands out, the first unless told otherwise; -1 is none."""
    body = [paragraph(title, size="lg", weight="bold"), *parts]
    built: dict[str, Any] = {
        "type": "bubble",
        "size": "giga",
        "body": {"type": "box", "layout": "vertical", "spacing": "lg", "contents": body},
    }
    if actions:
        built["footer"] = footer(actions, stands_out=stands_out)
    return built


def footer(actions: Sequence[dict[str, str]], *, stands_out: int) -> Component:
    """Build the buttons of a bubble, as it has them."""
    buttons = [
        button(action, stands_out=place == stands_out) for place, action in enumerate(actions)
    ]
    return {"type": "box", "layout": "vertical", "spacing": "md", "contents": buttons}


def line(label: str, value: str, action: dict[str, str] | None) -> Component:
    """Show an answer that was given, with the button that changes it."""
    shown = fact(label, value)
    if action is not None:
        shown["contents"].append(
            {"type": "button", "style": "link", "height": "sm", "action": action}
        )
    return shown


def fits(container: dict[str, Any], limit: int) -> bool:
    """Whether it holds no more bytes in the longer of the ways to write JSON.

    Nothing is more than three times as long in it as in the shorter, which costs a tenth.
    """
    return 3 * len(orjson.dumps(container)) <= limit or size(container) <= limit


def size(container: dict[str, Any]) -> int:
    """Count bytes in the longer of the ways to write JSON, whichever LINE counts."""
    return len(json.dumps(container))

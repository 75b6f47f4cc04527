"""Flex messages: sizes and the basic shape of bubbles, boxes and their components."""

import json
from typing import Any

from channels.simulators.line import actions
from channels.simulators.line.checks import Checks

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
BUBBLES = 12
LAYOUTS = ("horizontal", "vertical", "baseline")
DIRECTIONS = ("ltr", "rtl")


def check(checks: Checks, container: object, path: str) -> None:
    """Check a bubble or a carousel of bubbles."""
    fields = checks.thing(container, path)
    if fields is None or not checks.choice(
        fields.get("type"), f"{path}.type", ("bubble", "carousel")
    ):
        return
    try:
        _container(checks, fields, path)
    except RecursionError:
        checks.blame(path, "Nested too deeply")


def _container(checks: Checks, fields: dict[str, Any], path: str) -> None:
    limit = BUBBLE_BYTES if fields["type"] == "bubble" else CAROUSEL_BYTES
    # Written anew nothing is five times as long: numbers grow most. Few need to be counted.
    if checks.size * 5 > limit and _bytes(fields) > limit:
        checks.blame(path, f"Size must be at most {limit // 1024} KB")
    if fields["type"] == "bubble":
        _bubble(checks, fields, path)
        return
    bubbles = checks.sized_list(fields.get("contents"), f"{path}.contents", 1, BUBBLES)
    for index, child in enumerate(bubbles):
        here = f"{path}.contents[{index}]"
        bubble = checks.thing(child, here)
        if bubble is not None and checks.choice(bubble.get("type"), f"{here}.type", ("bubble",)):
            _bubble(checks, bubble, here)


def _bytes(fields: dict[str, Any]) -> int:
    return len(json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode())


def _bubble(checks: Checks, bubble: dict[str, Any], path: str) -> None:
    if not bubble.keys() & {"header", "hero", "body", "footer"}:
        checks.blame(path, "At least one block must be specified")
    if "direction" in bubble:
        checks.choice(bubble["direction"], f"{path}.direction", DIRECTIONS)
    for block in ("header", "body", "footer"):
        if block in bubble:
            _component(checks, bubble[block], f"{path}.{block}", ("box",))
    if "hero" in bubble:
        _component(checks, bubble["hero"], f"{path}.hero", ("box", "image"))
    if "action" in bubble:
        actions.check(checks, bubble["action"], f"{path}.action", actions.FLEX_BUTTON)


def _component(checks: Checks, component: object, path: str, allowed: tuple[str, ...]) -> None:
    fields = checks.thing(component, path)
    if fields is None or not checks.choice(fields.get("type"), f"{path}.type", allowed):
        return
    kind = fields["type"]
    if kind == "box":
        checks.choice(fields.get("layout"), f"{path}.layout", LAYOUTS)
        _children(checks, fields, path, BASELINE if fields.get("layout") == "baseline" else BOX)
    elif kind == "text":
        if "contents" in fields:
            _children(checks, fields, path, ("span",))
        elif not isinstance(fields.get("text"), str) or not fields["text"]:
            checks.blame(f"{path}.text", "May not be empty")
    elif kind == "span":
        checks.text(fields, "text", path, 2_000)
    elif kind in {"image", "icon"}:
        checks.text(fields, "url", path, 2_000)
    if kind == "button":
        actions.check(checks, fields.get("action"), f"{path}.action", actions.FLEX_BUTTON)
    elif "action" in fields:
        actions.check(checks, fields["action"], f"{path}.action", actions.FLEX_BUTTON)


def _children(checks: Checks, fields: dict[str, Any], path: str, allowed: tuple[str, ...]) -> None:
    contents = fields.get("contents")
    if not isinstance(contents, list):
        checks.blame(f"{path}.contents", "Must be an array")
        return
    for index, child in enumerate(contents):
        _component(checks, child, f"{path}.contents[{index}]", allowed)


BOX = ("box", "button", "image", "text", "separator", "filler")
BASELINE = ("text", "icon", "filler", "separator")

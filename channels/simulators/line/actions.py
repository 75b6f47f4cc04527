"""The actions behind buttons: what LINE takes, and which ones a message offers to its reader."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from channels.simulators.line.checks import Checks
from channels.simulators.line.counting import graphemes

INPUT_OPTIONS = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
SCHEMES = ("http", "https", "line", "tel")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action stands; its label's limit and the rules for quick replies hang on it."""

    label_limit: int
    is_quick_reply: bool = False


TEMPLATE = Place(20)
FLEX_BUTTON = Place(40)
QUICK_REPLY = Place(20, is_quick_reply=True)
RICH_MENU = Place(20)


def check(checks: Checks, action: object, path: str, place: Place) -> None:
    """Check one action of the kinds the simulator plays."""
    fields = checks.thing(action, path)
    if fields is None or not checks.choice(fields.get("type"), f"{path}.type", CHECKS):
        return
    checks.text(fields, "label", path, place.label_limit, count=graphemes)
    if fields["type"] in QUICK_ONLY and not place.is_quick_reply:
        checks.blame(f"{path}.type", "Can be used only in quick replies")
        return
    CHECKS[fields["type"]](checks, fields, path, place)


def _postback(checks: Checks, fields: dict[str, Any], path: str, place: Place) -> None:
    checks.text(fields, "data", path, 300)
    checks.text(fields, "displayText", path, 300, count=graphemes, required=False)
    checks.text(fields, "text", path, 300, count=graphemes, required=False)
    checks.text(fields, "fillInText", path, 300, count=graphemes, required=False)
    if "text" in fields and ("displayText" in fields or place.is_quick_reply):
        checks.blame(f"{path}.text", "Must not be specified")
    if "inputOption" in fields:
        checks.choice(fields["inputOption"], f"{path}.inputOption", INPUT_OPTIONS)


def _message(checks: Checks, fields: dict[str, Any], path: str, _: Place) -> None:
    checks.text(fields, "text", path, 300, count=graphemes)


def _uri(checks: Checks, fields: dict[str, Any], path: str, _: Place) -> None:
    checks.text(fields, "uri", path, 1_000)
    uri = fields.get("uri")
    if isinstance(uri, str) and uri and urlsplit(uri).scheme not in SCHEMES:
        checks.blame(f"{path}.uri", "invalid uri scheme")


def _picker(checks: Checks, fields: dict[str, Any], path: str, _: Place) -> None:
    checks.text(fields, "data", path, 300)
    if not checks.choice(fields.get("mode"), f"{path}.mode", MODES):
        return
    form, first, last = MODES[fields["mode"]]
    bounds = {"min": first, "max": last, "initial": ""}
    for name in bounds.keys() & fields.keys():
        value = fields[name]
        if not isinstance(value, str) or not form.fullmatch(value) or not first <= value <= last:
            checks.blame(f"{path}.{name}", "Invalid date or time")
            return
        bounds[name] = value
    if bounds["min"] >= bounds["max"]:
        checks.blame(f"{path}.max", "Must be later than min")
    elif bounds["initial"] and not bounds["min"] <= bounds["initial"] <= bounds["max"]:
        checks.blame(f"{path}.initial", "Must be between min and max")


def _nothing(checks: Checks, fields: dict[str, Any], path: str, place: Place) -> None:
    """Check what has a label and nothing else."""


DAY, TIME = r"\d{4}-\d{2}-\d{2}", r"\d{2}:\d{2}"
MODES = {
    "date": (re.compile(DAY), "1900-01-01", "2100-12-31"),
    "time": (re.compile(TIME), "00:00", "23:59"),
    "datetime": (re.compile(f"{DAY}[T]{TIME}"), "1900-01-01T00:00", "2100-12-31T23:59"),
}
QUICK_ONLY = {"camera", "cameraRoll", "location"}
CHECKS = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _picker,
    "camera": _nothing,
    "cameraRoll": _nothing,
    "location": _nothing,
}


def offered(message: dict[str, Any]) -> list[dict[str, Any]]:
    """List a message's actions as its reader meets them: its buttons, then its quick replies.

    A template's default action, which its text stands for, comes behind its buttons.
    The place in this list is the `action_index` of a tap.
    """
    found: list[dict[str, Any]] = []
    if message["type"] == "template":
        template = message["template"]
        found += template["actions"]
        if "defaultAction" in template:
            found.append(template["defaultAction"])
    elif message["type"] == "flex":
        found += _in_flex(message["contents"])
    quick = message.get("quickReply") or {"items": []}
    return found + [entry["action"] for entry in quick["items"]]


def _in_flex(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "action" in component:
        yield component["action"]
    for part in ("header", "hero", "body", "footer"):
        if part in component:
            yield from _in_flex(component[part])
    for child in component.get("contents", []):
        yield from _in_flex(child)

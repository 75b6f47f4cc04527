"""LINE's picker of days and times, with the bounds that LINE takes."""

from channels.line import limits, postback
from channels.line.messages import Action
from channels.line.postback import Pressed
from todoke.v1.procedures_pb2 import DateInput

# LINE's own bounds (Messaging API reference, "Datetime picker action").
FIRST = "1900-01-01T00:00"
LAST = "2100-12-31T23:59"
DAY = len("2026-04-01")


def day(asked: DateInput, current: str, label: str, pressed: Pressed) -> Action:
    return _picker("date", asked, current, label, pressed)


def moment(asked: DateInput, current: str, label: str, pressed: Pressed) -> Action:
    return _picker("datetime", asked, current, label, pressed)


def _picker(mode: str, asked: DateInput, current: str, label: str, pressed: Pressed) -> Action:
    length = DAY if mode == "date" else len(FIRST)
    bounds = {
        "min": _within(_whole(asked.first, FIRST))[:length],
        "max": _within(_whole(asked.last, LAST))[:length],
    }
    if bounds["min"] >= bounds["max"]:
        # LINE wants room between them; what is picked is checked by the core in any case.
        del bounds["max"]
    if bounds["min"] >= LAST[:length]:
        del bounds["min"]
    action: Action = {
        "type": "datetimepicker",
        "label": limits.clip(label, limits.BUTTON_LABEL),
        "data": postback.encode(pressed),
        "mode": mode,
        **bounds,
    }
    if begin := current or asked.start:
        least, most = bounds.get("min", FIRST[:length]), bounds.get("max", LAST[:length])
        action["initial"] = min(max(_whole(begin, FIRST)[:length], least), most)
    return action


def _whole(text: str, filled_from: str) -> str:
    """Make a day and a time of what may be empty or only a day."""
    return text + filled_from[len(text) :] if text else filled_from


def _within(moment: str) -> str:
    return min(max(moment, FIRST), LAST)

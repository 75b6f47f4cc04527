"""Message objects: what LINE takes, checked to its limits before anything is accepted.

The simulator plays text, template (buttons, confirm) and flex; it refuses other kinds clearly
rather than accept what it could not show.
"""

from typing import Any

from channels.simulators.line import actions, flex
from channels.simulators.line.checks import Checks
from channels.simulators.line.counting import graphemes

MOST_MESSAGES = 5
QUICK_REPLIES = 13


def check(checks: Checks, messages: object) -> None:
    """Check the `messages` of a request, one to five of them."""
    for index, message in enumerate(checks.sized_list(messages, "messages", 1, MOST_MESSAGES)):
        path = f"messages[{index}]"
        fields = checks.thing(message, path)
        if fields is None or not checks.choice(fields.get("type"), f"{path}.type", CHECKS):
            continue
        CHECKS[fields["type"]](checks, fields, path)
        if "quickReply" in fields:
            _quick_reply(checks, fields["quickReply"], f"{path}.quickReply")
        if "sender" in fields and (sender := checks.thing(fields["sender"], f"{path}.sender")):
            checks.text(sender, "name", f"{path}.sender", 20, required=False)


def _text(checks: Checks, message: dict[str, Any], path: str) -> None:
    checks.text(message, "text", path, 5_000)


def _template(checks: Checks, message: dict[str, Any], path: str) -> None:
    checks.text(message, "altText", path, 1_500)
    template = checks.thing(message.get("template"), f"{path}.template")
    if template is None:
        return
    here = f"{path}.template"
    if checks.choice(template.get("type"), f"{here}.type", TEMPLATES):
        TEMPLATES[template["type"]](checks, template, here)


def _buttons(checks: Checks, template: dict[str, Any], path: str) -> None:
    is_short = "title" in template or "thumbnailImageUrl" in template
    checks.text(template, "title", path, 40, count=graphemes, required=False)
    checks.text(template, "text", path, 60 if is_short else 160, count=graphemes)
    _actions(checks, template, path, least=1, most=4)
    if "defaultAction" in template:
        actions.check(checks, template["defaultAction"], f"{path}.defaultAction", actions.TEMPLATE)


def _confirm(checks: Checks, template: dict[str, Any], path: str) -> None:
    checks.text(template, "text", path, 240, count=graphemes)
    _actions(checks, template, path, least=2, most=2)


def _actions(checks: Checks, template: dict[str, Any], path: str, *, least: int, most: int) -> None:
    listed = checks.sized_list(template.get("actions"), f"{path}.actions", least, most)
    for index, action in enumerate(listed):
        actions.check(checks, action, f"{path}.actions[{index}]", actions.TEMPLATE)


def _flex(checks: Checks, message: dict[str, Any], path: str) -> None:
    checks.text(message, "altText", path, 1_500)
    flex.check(checks, message.get("contents"), f"{path}.contents")


def _quick_reply(checks: Checks, quick: object, path: str) -> None:
    fields = checks.thing(quick, path)
    if fields is None:
        return
    entries = checks.sized_list(fields.get("items"), f"{path}.items", 1, QUICK_REPLIES)
    for index, entry in enumerate(entries):
        here = f"{path}.items[{index}]"
        button = checks.thing(entry, here)
        if button is not None and checks.choice(button.get("type"), f"{here}.type", ("action",)):
            actions.check(checks, button.get("action"), f"{here}.action", actions.QUICK_REPLY)


TEMPLATES = {"buttons": _buttons, "confirm": _confirm}
CHECKS = {"text": _text, "template": _template, "flex": _flex}

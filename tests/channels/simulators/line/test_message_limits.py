"""Messages beyond LINE's limits are refused, each fault by its path; messages at them are taken."""

from typing import Any

import pytest

from channels.simulators.line import messages
from channels.simulators.line.checks import Checks
from tests.channels.simulators.line.simulator import buttons, confirm, postback, text

YES = postback()
FLEX = {"type": "flex", "altText": "給付金"}


def a_bubble(*contents: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": "vertical", "contents": list(contents)}
    return {**FLEX, "contents": {"type": "bubble", "body": body, **more}}


def a_button(action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "action": action}


def quick(count: int, action: dict[str, Any] = YES) -> dict[str, Any]:
    return {**text(), "quickReply": {"items": [{"type": "action", "action": action}] * count}}


def uri(address: str) -> dict[str, Any]:
    return {"type": "uri", "label": "開く", "uri": address}


def found(*given: Any) -> list[tuple[str, str]]:
    checks = Checks()
    messages.check(checks, list(given))
    return [(detail.property, detail.message) for detail in checks.found]


@pytest.mark.parametrize(
    "message",
    [
        text("あ" * 5_000),
        text("𠮷" * 2_500),
        buttons(YES, text="👨‍👩‍👧" * 160),
        buttons(YES, title="題" * 40, text="あ" * 60),
        buttons(*[YES] * 4),
        buttons(postback("👨‍👩‍👧" * 20)),
        buttons(postback(data="d" * 300, displayText="👍🏽" * 300)),
        confirm(YES, YES, words="あ" * 240),
        buttons(uri("https://example.jp/" + "a" * 981)),
        buttons({"type": "message", "label": "言う", "text": "あ" * 300}),
        quick(13),
        a_bubble({"type": "text", "text": "あ"}, a_button(postback("あ" * 40))),
        a_bubble(footer={"type": "box", "layout": "horizontal", "contents": [a_button(YES)]}),
    ],
)
def test_a_message_at_the_limit_is_taken(message) -> None:
    assert found(message) == []


@pytest.mark.parametrize(
    ("message", "path", "words"),
    [
        (text(""), "text", "May not be empty"),
        (text("あ" * 5_001), "text", "Length must be between 0 and 5000"),
        (text("𠮷" * 2_501), "text", "Length must be between 0 and 5000"),
        ({**buttons(YES), "altText": "あ" * 1_501}, "altText", "Length must be"),
        ({**buttons(YES), "altText": None}, "altText", "May not be empty"),
        (buttons(YES, text="あ" * 161), "template.text", "Length must be between 0 and 160"),
        (buttons(YES, title="題", text="あ" * 61), "template.text", "between 0 and 60"),
        (buttons(YES, title="題" * 41), "template.title", "between 0 and 40"),
        (buttons(), "template.actions", "Size must be between 1 and 4"),
        (buttons(*[YES] * 5), "template.actions", "Size must be between 1 and 4"),
        (confirm(YES), "template.actions", "Size must be between 2 and 2"),
        (confirm(YES, YES, words="あ" * 241), "template.text", "between 0 and 240"),
        (buttons(postback("あ" * 21)), "template.actions[0].label", "between 0 and 20"),
        (buttons(postback(data="𠮷" * 151)), "template.actions[0].data", "between 0 and 300"),
        (
            buttons(postback(text="a", displayText="a")),
            "template.actions[0].text",
            "Must not be specified",
        ),
        (buttons(uri("javascript:alert(1)")), "template.actions[0].uri", "invalid uri scheme"),
        (
            buttons({"type": "clipboard"}),
            "template.actions[0].type",
            "[postback, message, uri, datetimepicker, camera, cameraRoll, location]",
        ),
        (quick(14), "quickReply.items", "Size must be between 1 and 13"),
        (
            quick(1, postback(text="はい")),
            "quickReply.items[0].action.text",
            "Must not be specified",
        ),
        ({"type": "sticker"}, "type", "Must be one of the following values"),
        ({**FLEX, "contents": {"type": "bubble"}}, "contents", "At least one block"),
        (a_bubble({"type": "pie"}), "contents.body.contents[0].type", "Must be one of"),
        (a_bubble({"type": "button"}), "contents.body.contents[0].action", "May not be empty"),
        (
            a_bubble(a_button(postback("あ" * 41))),
            "contents.body.contents[0].action.label",
            "between 0 and 40",
        ),
        (a_bubble({"type": "text", "text": "あ" * 10_500}), "contents", "at most 30 KB"),
        (
            {**FLEX, "contents": {"type": "carousel", "contents": [{"type": "bubble"}] * 13}},
            "contents.contents",
            "Size must be between 1 and 12",
        ),
    ],
)
def test_a_message_beyond_a_limit_is_refused_by_its_path(message, path, words) -> None:
    [(where, why)] = found(message)

    assert where == f"messages[0].{path}"
    assert words in why


def test_boxes_in_boxes_have_an_end() -> None:
    box = {"type": "box", "layout": "vertical", "contents": []}
    for _ in range(900):
        box = {"type": "box", "layout": "vertical", "contents": [box]}

    assert ("messages[0].contents", "Nested too deeply") in found(a_bubble(footer=box))


def test_every_fault_is_named_not_only_the_first() -> None:
    assert [where for where, _ in found(text(""), {"type": "sticker"}, 3)] == [
        "messages[0].text",
        "messages[1].type",
        "messages[2]",
    ]


@pytest.mark.parametrize("count", [0, 6])
def test_a_request_has_one_to_five_messages(count) -> None:
    assert found(*[text()] * count) == [("messages", "Size must be between 1 and 5")]

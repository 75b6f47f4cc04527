"""A campaign's message as LINE messages: what is said, the official code, and the ways on."""

from channels import wording
from channels.line import flex, limits, messages
from channels.line.messages import Action, Message, press
from channels.line.postback import Do
from channels.line.verbs import Verb
from todoke.v1.dispatches_pb2 import CampaignTold, Told

MOST_TEXTS = limits.MESSAGES - 1
URL = 1_000


class Frame:
    """What a campaign says to all alike, made once, and what each is told within it."""

    def __init__(self, campaign: CampaignTold, *, web_url: str) -> None:
        self._language = campaign.language or wording.FIRST
        self._test = (
            [wording.say("line_campaigns", "test", self._language)] if campaign.test else []
        )
        shown = wording.official_code(campaign.official_code)
        code = wording.say("line_campaigns", "code", self._language, code=shown)
        small = flex.paragraph(code, size="sm", color=flex.QUIET)
        self._small = [small] if campaign.official_code else []
        self._footer = flex.footer(_actions(campaign, self._language), stands_out=-1)
        self._image = _image(campaign, web_url)

    def around(self, told: Told) -> list[Message]:
        """Word what one recipient is told, or all alike.

        It is one bubble where LINE takes it as one; what is longer goes before it as texts.
        """
        title = told.title.strip() or wording.say("prompts", "alternative", self._language)
        lines = [*self._test, told.body.strip()]
        said = [flex.paragraph(line) for line in lines if line]
        bubble = flex.bubble(title, [*said, *self._small])
        bubble["footer"] = self._footer
        if self._image is not None:
            bubble["hero"] = self._image
        alternative = "\n".join((*self._test, title, lines[-1]))
        if flex.fits(bubble, limits.BUBBLE_BYTES):
            return [messages.flex_message(alternative, bubble)]
        bubble["body"]["contents"][1 : 1 + len(said)] = []
        return [*messages.texts(alternative)[:MOST_TEXTS], messages.flex_message(title, bubble)]


def _actions(campaign: CampaignTold, language: str) -> list[Action]:
    """Return the buttons: where it leads, what it begins, and where it is kept."""
    actions: list[Action] = [
        {"type": "uri", "label": limits.clip(one.label, limits.BUTTON_LABEL), "uri": one.url}
        for one in campaign.buttons
        if limits.units(one.url) <= URL and one.label.strip()
    ]
    if campaign.procedure:
        named = campaign.procedure_title
        name = "begin_named" if named else "begin"
        word = wording.say("line_campaigns", name, language, procedure=named)
        actions.append(press(Do(Verb.START, (campaign.procedure,)), word))
    word = wording.say("line_campaigns", "inbox", language)
    actions.append(press(Do(Verb.INBOX, (campaign.campaign_id,)), word))
    return actions


def _image(campaign: CampaignTold, web_url: str) -> flex.Component | None:
    """Return the image from the city's own site; none where LINE could not fetch it there."""
    if not campaign.image_id or not web_url.startswith("https://"):
        return None
    return {
        "type": "image",
        "url": f"{web_url}/images/{campaign.image_id}",
        "size": "full",
        "aspectMode": "fit",
        "aspectRatio": "20:13",
    }

"""Letters with a campaign's message, to those whom nothing else reached."""

from collections.abc import AsyncIterator, Sequence

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Ask
from tui.dialogs.letters import Kinds, ask_printing

CAUSES = [pb.LetterCause.Name(one) for one in pb.LetterCause.values() if one]


def ask_campaign_letters(desk: Desk, campaign: pb.Campaign) -> Ask:
    words, core = desk.words, desk.core

    def printing(
        causes: Sequence[str], most: int, request_id: str
    ) -> AsyncIterator[pb.PrintCampaignLettersResponse]:
        request = pb.PrintCampaignLettersRequest(
            campaign_id=campaign.campaign_id,
            causes=[pb.LetterCause.Value(cause) for cause in causes],
            most=most,
            request_id=request_id,
        )
        return core.watch(core.campaigns.PrintCampaignLetters, request)

    return ask_printing(
        words,
        "campaign_letters",
        about=words("ask.campaign_letters.about", title=formats.plain(campaign.title)),
        kinds=Kinds("causes", "letter_cause", dict.fromkeys(CAUSES, True)),
        told="note.campaign_letters_text",
        printing=printing,
    )

"""Letters with a campaign's message, to those whom nothing else reached."""

from todoke.v1 import campaigns_pb2 as pb
from tui import formats
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.files import keep_letters, written_path
from tui.screens.ledger_dialogs import say_set

MOST = 10_000
CAUSES = [one for one in pb.LetterCause.values() if one]


def ask_campaign_letters(desk: Desk, campaign: pb.Campaign) -> Ask:
    """Print to a path; the answer tells how many, who was left out, and where the file lies."""
    words, core = desk.words, desk.core

    async def print_them(answers: Answers, request_id: str) -> str:
        most = str(answers["most_letters"])
        request = pb.PrintCampaignLettersRequest(
            campaign_id=campaign.campaign_id,
            causes=[cause for cause in CAUSES if answers[pb.LetterCause.Name(cause)]],
            most=int(most) if most.isdecimal() and len(most) < 9 else 0,
            request_id=request_id,
        )
        where = written_path(str(answers["path"]) or ".")
        parts = core.watch(core.campaigns.PrintCampaignLetters, request)
        path, told = await keep_letters(parts, where, lambda so_far: say_set(dialog, words, so_far))
        return words(
            "note.campaign_letters_text",
            path=path,
            letters=formats.count(told.letters),
            left_out=formats.count(told.left_out),
            remaining=formats.count(told.remaining),
            sha256=told.file.sha256,
        )

    fields = (
        *(
            Field(
                pb.LetterCause.Name(cause),
                value=True,
                label=f"letter_cause.{pb.LetterCause.Name(cause)}",
                part="causes",
            )
            for cause in CAUSES
        ),
        Field("most_letters", value=str(MOST), part="most"),
        Field("path", value=".", hint="hint.export_path"),
    )
    about = words("ask.campaign_letters.about", title=formats.plain(campaign.title))
    dialog = Ask(words, "campaign_letters", print_them, about=about, fields=fields)
    return dialog

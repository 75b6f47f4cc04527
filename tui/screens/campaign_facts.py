"""What is told of a campaign wherever it is shown."""

from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.dispatches_pb2 import Lane
from tui import formats
from tui.screens.list_screen import ListScreen
from tui.wording import Words

TONES = {
    pb.CAMPAIGN_STATE_DRAFT: "quiet",
    pb.CAMPAIGN_STATE_PAUSED: "warn",
    pb.CAMPAIGN_STATE_CANCELLED: "quiet",
    pb.CAMPAIGN_STATE_FINISHED: "good",
}


class CampaignPanel(ListScreen[pb.Campaign]):
    """For lists of campaigns: what kind one is, how its deliveries stand, and why it is held."""

    def panel(self, row: pb.Campaign) -> Content:
        words = self.words
        lines = [
            self.facts(
                ("fact.kind", words(f"campaign_kind.{row.kind}")),
                ("fact.lane", words(f"lane.{Lane.Name(row.lane)}")),
                ("fact.starts_at", formats.moment(row.start_time)),
                ("fact.author", formats.plain(row.author)),
                ("fact.approver", formats.plain(row.approver)),
            ),
            self.facts(("fact.deliveries", counts(words, row) or words("none"))),
            self.facts(("fact.remark", remark(words, row.remark))),
        ]
        return Content("\n").join(line for line in lines if line)


def counts(words: Words, row: pb.Campaign) -> str:
    """Say how many deliveries are in each state."""
    return words("comma").join(
        f"{words(f'delivery.{state}')} {formats.count(number)}"
        for state, number in sorted(row.deliveries.items())
    )


def remark(words: Words, text: str) -> str:
    """Word why a campaign is held or was taken back; staff's own words are told as they are."""
    known = words.find(f"campaign_remark.{text}") or words.find(f"reason.{text}.what")
    return known or formats.plain(text)

"""CampaignService: who is told what, and what residents write back."""

from core.campaigns.rpc import Campaigns
from core.db import Database
from core.segments.previewing import Sending
from core.segments.rpc import Segments


class CampaignService(Campaigns, Segments):
    """Answers CampaignService; each subject is a class of its own."""

    def __init__(self, db: Database, sending: Sending) -> None:
        self.db = db
        self.sending = sending

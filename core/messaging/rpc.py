"""CampaignService: who is told what, and what residents write back."""

from core.campaigns.rpc import Campaigns
from core.db import Database
from core.inquiries.rpc import Inquiries
from core.messaging import answering
from core.messaging.drafting_rpc import Drafting
from core.messaging.running_rpc import Running
from core.procedures.catalogue import Catalogue
from core.segments.previewing import Sending
from core.segments.rpc import Segments


class CampaignService(Campaigns, Segments, Drafting, Running, Inquiries):
    """Answers CampaignService; each subject is a class of its own."""

    def __init__(self, db: Database, sending: Sending, procedures: Catalogue) -> None:
        self.db = db
        self.sending = sending
        self.procedures = procedures
        self.pushing = sending.pushing
        self.hours = answering.hours

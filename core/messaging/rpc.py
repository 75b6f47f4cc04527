"""CampaignService: who is told what, and what residents write back."""

from core.attachments.making import Maker
from core.campaigns.rpc import Campaigns
from core.db import Database
from core.inquiries.rpc import Inquiries
from core.letters.printing import Office
from core.messaging import answering, rows
from core.messaging.composing_rpc import Composing
from core.messaging.drafting_rpc import Drafting
from core.messaging.images import Narrowed
from core.messaging.images_rpc import Images
from core.messaging.inbox_rpc import Reading
from core.messaging.letters.rpc import Writing
from core.messaging.results_rpc import Results
from core.messaging.running_rpc import Running
from core.messaging.testers_rpc import Testers
from core.procedures.catalogue import Catalogue
from core.segments.areas_rpc import Areas
from core.segments.neighbourhoods_rpc import Neighbourhoods
from core.segments.previewing import Sending
from core.segments.rpc import Segments


class CampaignService(
    Campaigns,
    Segments,
    Neighbourhoods,
    Areas,
    Composing,
    Testers,
    Drafting,
    Running,
    Images,
    Results,
    Writing,
    Reading,
    Inquiries,
):
    """Answers CampaignService; each subject is a class of its own.

    `office` is what letters say of who writes.
    """

    def __init__(
        self,
        db: Database,
        sending: Sending,
        procedures: Catalogue,
        files: Maker,
        office: Office,
        *,
        most_bytes: int,
    ) -> None:
        self.db = db
        self.sending = sending
        self.procedures = procedures
        self.files = files
        self.office = office
        self.narrowed = Narrowed(files)
        self.most_bytes = most_bytes
        self.pushing = sending.pushing
        self.hours = answering.hours
        self.weekly_cap = rows.weekly_cap

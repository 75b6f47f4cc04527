"""CircularService: neighbourhood associations, their offices, and what goes round in them."""

from core.associations.importing_rpc import Importing
from core.associations.joining_rpc import Joining
from core.associations.membership_rpc import Memberships
from core.associations.office_rpc import Offices
from core.associations.structure_rpc import Structure
from core.attachments.making import Maker
from core.circulars import care
from core.circulars.commenting_rpc import Commenting
from core.circulars.drafting_rpc import Drafting
from core.circulars.files_rpc import Files
from core.circulars.inspecting_rpc import Inspecting, Printing
from core.circulars.listing_rpc import Listing
from core.circulars.publishing_rpc import Publishing
from core.circulars.reading_rpc import Reading
from core.circulars.receipts_rpc import Receipts
from core.circulars.rounds_rpc import Rounds, last_rounds
from core.db import Database


class CircularService(
    Structure,
    Joining,
    Memberships,
    Offices,
    Importing,
    Drafting,
    Publishing,
    Listing,
    Reading,
    Receipts,
    Rounds,
    Inspecting,
    Printing,
    Files,
    Commenting,
):
    """Answers CircularService; each subject is a class of its own.

    `board_page` is the boards' address, or empty where there are none.
    """

    def __init__(
        self, db: Database, files: Maker, *, most_bytes: int, board_page: str = ""
    ) -> None:
        self.db = db
        self.files = files
        self.most_bytes = most_bytes
        self.board_page = board_page
        self.stopped_reading = care.stopped_reading
        self.last_rounds = last_rounds

"""CircularService: neighbourhood associations, their offices, and what goes round in them."""

from core.associations.joining_rpc import Joining
from core.associations.membership_rpc import Memberships
from core.associations.office_rpc import Offices
from core.associations.structure_rpc import Structure
from core.db import Database


class CircularService(Structure, Joining, Memberships, Offices):
    """Answers CircularService; each subject is a class of its own."""

    def __init__(self, db: Database) -> None:
        self.db = db

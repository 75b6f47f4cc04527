"""Who is calling: a person of the city hall, a channel, or the core itself."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do; `CHANNEL` is an adapter's, the others are people's."""

    ADMINISTRATOR = "administrator"
    ELIGIBILITY = "eligibility"
    REVIEWER = "reviewer"
    PAYMENT_PROPOSER = "payment_proposer"
    PAYMENT_APPROVER = "payment_approver"
    AUDITOR = "auditor"
    COUNTER = "counter"
    PROTECTION = "protection"
    PROCEDURE_AUTHOR = "procedure_author"
    MESSENGER = "messenger"
    MESSAGE_APPROVER = "message_approver"
    INQUIRIES = "inquiries"
    ASSOCIATIONS = "associations"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of one municipality. `name` is the staff's or the channel's; `id` is the staff's."""

    municipality: str
    name: str
    roles: frozenset[Role]
    id: str = ""

    @property
    def is_channel(self) -> bool:
        return Role.CHANNEL in self.roles

    @property
    def actor(self) -> str:
        """Return the caller as the audit log names it."""
        if not self.roles:
            return "core"
        return f"channel:{self.name}" if self.is_channel else f"staff:{self.name}"


def the_core(municipality: str) -> Caller:
    """Return the core itself, for what happens without a caller."""
    return Caller(municipality, "core", frozenset())

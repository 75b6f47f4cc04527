"""What each action needs of a person, so that what they may not do is greyed; the core decides."""

from typing import TypeAlias

from todoke.v1.staff_pb2 import (
    ROLE_ADMINISTRATOR,
    ROLE_ASSOCIATIONS,
    ROLE_AUDITOR,
    ROLE_COUNTER,
    ROLE_ELIGIBILITY,
    ROLE_INQUIRIES,
    ROLE_MESSAGE_APPROVER,
    ROLE_MESSENGER,
    ROLE_PAYMENT_APPROVER,
    ROLE_PAYMENT_PROPOSER,
    ROLE_PROCEDURE_AUTHOR,
    ROLE_PROTECTION,
    ROLE_REVIEWER,
    Role,
)
from tui.wording import Words

Roles: TypeAlias = "frozenset[Role.ValueType]"
"""Any of these will do; none asks for none."""

ELIGIBILITY: Roles = frozenset({ROLE_ELIGIBILITY})
REVIEW: Roles = frozenset({ROLE_REVIEWER})
PROPOSE: Roles = frozenset({ROLE_PAYMENT_PROPOSER})
RELEASE: Roles = frozenset({ROLE_PAYMENT_APPROVER})
PAYMENTS: Roles = PROPOSE | RELEASE
AUDIT: Roles = frozenset({ROLE_AUDITOR})
ADMINISTRATION: Roles = frozenset({ROLE_ADMINISTRATOR})
CROSSINGS: Roles = ELIGIBILITY | AUDIT | ADMINISTRATION
INQUIRIES: Roles = frozenset({ROLE_INQUIRIES})
COUNTER: Roles = frozenset({ROLE_COUNTER})
AUTHOR: Roles = frozenset({ROLE_PROCEDURE_AUTHOR})
ASSOCIATIONS: Roles = frozenset({ROLE_ASSOCIATIONS})
MESSENGERS: Roles = frozenset({ROLE_MESSENGER})
MESSAGE_APPROVERS: Roles = frozenset({ROLE_MESSAGE_APPROVER})
CAMPAIGNS: Roles = ELIGIBILITY | REVIEW | PAYMENTS | MESSENGERS | MESSAGE_APPROVERS
"""Those who see what is told to many."""

DELIVERIES: Roles = MESSENGERS | AUDIT
"""Those who see who got what."""

PROTECTION: Roles = frozenset({ROLE_PROTECTION})
PEOPLE: Roles = ELIGIBILITY | REVIEW | PAYMENTS | COUNTER | PROTECTION | INQUIRIES
"""Those who meet residents, in person or in their cases."""

SUBJECTS: dict[str, Roles] = {
    "dashboard": frozenset(),
    "programs": frozenset(),
    "applications": frozenset(),
    "payments": PAYMENTS,
    "dispatches": frozenset(),
    "audit": AUDIT,
    "residents": PEOPLE,
    "counter": COUNTER,
    "procedures": frozenset(),
    "associations": ASSOCIATIONS,
}
"""The screens in the order of their digits, and who may open each."""

DIGITS: dict[str, str] = {
    subject: str(number % 10) for number, subject in enumerate(SUBJECTS, start=1)
}
"""The key that opens each screen; 0 stands after 9, as on the keyboard."""


def named(words: Words, roles: Roles) -> str:
    """Name roles in words, in the order of the contract."""
    return words("or").join(words(f"role.{Role.Name(role)}") for role in sorted(roles))

"""Links residents with entitlements: pure, so that it also runs alone on a machine without network.

It imports nothing but the standard library and `core.normalise`.
"""

from core.eligibility.matching.engine import match
from core.eligibility.matching.pairs import NO_LINKS, Class, Decision, Links, Pair, Rule
from core.eligibility.matching.people import Entitled, Registration

__all__ = [
    "NO_LINKS",
    "Class",
    "Decision",
    "Entitled",
    "Links",
    "Pair",
    "Registration",
    "Rule",
    "match",
]

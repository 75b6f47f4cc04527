"""Links residents with entitlements: pure, so that it also runs alone on a machine without network.

It imports nothing but polars, the standard library and `core.normalise`.
"""

from core.matching.engine import Found, link, match
from core.matching.pairs import NO_LINKS, Class, Decision, Links, Pair, Rule
from core.matching.people import Entitled, Registration

__all__ = [
    "NO_LINKS",
    "Class",
    "Decision",
    "Entitled",
    "Found",
    "Links",
    "Pair",
    "Registration",
    "Rule",
    "link",
    "match",
]

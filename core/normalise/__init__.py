"""Brings names and addresses into one form, for matching that is exact after it.

Every step undoes a way of writing, none a difference between persons or places.
"""

from core.normalise.addresses import Address, address_key, are_two_homes, read_address, same_home
from core.normalise.buildings import same_building
from core.normalise.names import Name, name_key, read_name, similar_key
from core.normalise.shrink import read_glyphs, read_shrink_map
from core.normalise.variants import CURATED, Variants

__all__ = [
    "CURATED",
    "Address",
    "Name",
    "Variants",
    "address_key",
    "are_two_homes",
    "name_key",
    "read_address",
    "read_glyphs",
    "read_name",
    "read_shrink_map",
    "same_building",
    "same_home",
    "similar_key",
]

"""A synthetic city: its people, its roster as municipal systems export it, its phones and cards."""

from channels.simulators.city.city import City

__all__ = ["City"]

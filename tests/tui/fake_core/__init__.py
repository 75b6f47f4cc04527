"""A core of the tests' own: the real contract over loopback, a city that says what a test says."""

from tests.tui.fake_core.city import City, Refused
from tests.tui.fake_core.server import FakeCore

__all__ = ["City", "FakeCore", "Refused"]

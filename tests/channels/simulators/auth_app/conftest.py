"""One authority for all tests of the authentication app; each issues its own cards."""

import pytest

from channels.simulators.card import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("authority"))

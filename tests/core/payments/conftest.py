"""What tests of payments stand on."""

import pytest

from tests.core.payments.batches import Office, an_account, an_office
from tests.town import Town


@pytest.fixture
async def office(a_town: Town) -> Office:
    return await an_office(a_town, [an_account(1), an_account(2), an_account(3)])

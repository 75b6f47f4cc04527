"""Groups hold: nothing fails where they do not, everything shared is only made once a worker."""

import pytest


@pytest.mark.xdist_group("named")
def test_a_worker_names_a_tests_group_where_tests_are_handed_out(request: pytest.FixtureRequest):
    is_a_workers = hasattr(request.config, "workerinput")
    assert request.node.nodeid.endswith("@named") is is_a_workers

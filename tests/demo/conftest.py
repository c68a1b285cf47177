"""One demo for each hard day, built once and read by every test."""

import pytest

from tests.demo.made import DAYS, Made, made


# All tests of a day go to one process (tests/scheduling.py): its demo is built once in a run.
@pytest.fixture(scope="session", params=DAYS, ids=str)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, made(tmp_path_factory.mktemp("demo"), request.param))

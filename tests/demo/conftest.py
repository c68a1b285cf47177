"""One demo for each hard day, built once and read by every test."""

import pytest

from tests.demo.made import DAYS, Made, made


@pytest.fixture(scope="module", params=DAYS, ids=str)
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(request.param, made(tmp_path_factory.mktemp("demo"), request.param))

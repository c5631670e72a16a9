"""One cluster for the tests that leave it whole."""

from collections.abc import Iterator

import pytest

from tests.cluster import standalone
from tests.cluster.standalone import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with standalone.cluster_of(2, tmp_path_factory.mktemp("cluster")) as found:
        yield found

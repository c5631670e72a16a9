"""The cast, by name; a stopped clock; the database as the application sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from pytest_django.live_server_helper import LiveServer

from tests import chromium, emptying, live
from tests.builders import make_member, make_workspace
from tracking import gate, limits
from workspaces.models import Membership, Workspace
from workspaces.roles import Role
from workspaces.sealing import APPLICATION_ROLE

# How long an example takes says how busy the machine is. Speed is measured in bench/.
hypothesis.settings.register_profile("measureplan", deadline=None)
hypothesis.settings.load_profile("measureplan")

own_numbers = count()  # of the folders of this process's tests


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the block as the tables' owner: what the application's role may not, a test's cleaning must."""
    with connection.cursor() as cursor:
        cursor.execute("set role none")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"set role {APPLICATION_ROLE}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Make the test database as its owner; the role is taken afterwards."""
    connection.settings_dict["OPTIONS"].pop("options", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # extends pytest-django's own
    """Take the application's role on every connection of the tests, as in production."""
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"]["options"] = f"-c role={APPLICATION_ROLE}"
        connection.settings_dict["CONN_MAX_AGE"] = 0  # a live server's threads must not hold the test database
        yield
        connection.close()
        connection.settings_dict["OPTIONS"].pop("options")


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:  # in the place of pytest-django's own
    """Serve the application to browsers; a test that asks for it sees what is committed."""
    server = live.start()
    yield server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _browsers_end() -> Iterator[None]:
    yield
    chromium.stop()


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests() -> Iterator[None]:
    """Name static files as they are, since tests collect none; hash passwords fast, since every test signs in.

    No page is kept: a test changes rows behind the application's back and looks again (tests/reports/test_kept.py).
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain}, PASSWORD_HASHERS=hashers, PAGES_KEPT_SECONDS=0
    ):
        yield


def _empty(_test: TransactionTestCase) -> None:
    with as_owner():
        emptying.empty()


TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


@pytest.fixture
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name a folder of the test's own, which whoever writes there first makes: most tests store nothing.

    pytest's `tmp_path` makes one, and reads the names of those of all tests before it, for each of thousands of tests.
    """
    return tmp_path_factory.getbasetemp() / f"own-{next(own_numbers)}"


@pytest.fixture(autouse=True)
def lake_folder(settings: Any, own_folder: Path) -> Path:  # pytest-django's own
    """Give each test a lake of its own: workers of pytest-xdist count their workspaces each from 1."""
    settings.LAKE_URL = str(own_folder / "lake")
    return own_folder / "lake"


@pytest.fixture(autouse=True)
def upload_folder(settings: Any, own_folder: Path) -> Path:
    """Give each test an upload folder of its own, for the same reason."""
    settings.MEDIA_ROOT = own_folder / "uploads"
    return own_folder / "uploads"


@pytest.fixture(autouse=True)
def _fresh_door() -> None:
    """Give each test a door that knows no source and no flood: it remembers them longer than a test lasts."""
    gate.forget()
    limits.forget()


@pytest.fixture
def now() -> datetime:
    """The stopped clock: Saturday 21 November 2026, noon in UTC, 13:00 in Oslo."""
    return datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(db: None) -> Workspace:
    """The workspace that most tests are about."""
    return make_workspace("Fjellsport", slug="fjellsport")


@pytest.fixture
def owner(shop: Workspace) -> Membership:
    return make_member(shop, "owner@example.com", Role.OWNER)


@pytest.fixture
def lead(shop: Workspace) -> Membership:
    return make_member(shop, "lead@example.com", Role.LEAD)


@pytest.fixture
def contributor(shop: Workspace) -> Membership:
    return make_member(shop, "contributor@example.com", Role.CONTRIBUTOR, department="Customer service")


@pytest.fixture
def viewer(shop: Workspace) -> Membership:
    return make_member(shop, "viewer@example.com", Role.VIEWER)


@pytest.fixture
def outsider(db: None) -> Membership:
    """Somebody who owns another workspace."""
    return make_member(make_workspace("Elsewhere", slug="elsewhere"), "outsider@example.com", Role.OWNER)

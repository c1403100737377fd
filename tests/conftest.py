"""The cast: one project, and one person in each role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from apps.projects.models import Project
from apps.projects.permissions import Role
from tests.emptying import empty_tables
from tests.factories import MembershipFactory, ProjectFactory, UserFactory


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, which can be dropped in the end: a live server's threads let go of it late."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    truncate = TransactionTestCase._fixture_teardown
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty_tables(test, truncate))
        yield


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path) -> Iterator[None]:
    """What a test stores goes with it."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield


@pytest.fixture
def project(db: None) -> Project:
    return ProjectFactory(name="Helpful assistant", slug="helpful")


@pytest.fixture
def site_admin(db: None) -> User:
    return UserFactory(name="Ada Admin", is_superuser=True, is_staff=True)


def _member(project: Project, role: Role, name: str) -> User:
    return MembershipFactory(project=project, role=role, user__name=name).user


@pytest.fixture
def owner(project: Project) -> User:
    return _member(project, Role.OWNER, "Olga Owner")


@pytest.fixture
def curator(project: Project) -> User:
    return _member(project, Role.CURATOR, "Cyril Curator")


@pytest.fixture
def rater(project: Project) -> User:
    return _member(project, Role.RATER, "Rita Rater")


@pytest.fixture
def trainer(project: Project) -> User:
    return _member(project, Role.TRAINER, "Tom Trainer")


@pytest.fixture
def stranger(db: None) -> User:
    return UserFactory(name="Sam Stranger")


class SignIn:
    """`sign_in(user)` gives a client with that person's session."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn()

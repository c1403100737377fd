"""The database is empty after a test, whatever still ran."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from apps.accounts.models import User
from tests.emptying import empty_tables
from tests.factories import UserFactory


def leave(test: TransactionTestCase) -> None:
    """A few rows are deleted, not truncated."""
    raise AssertionError


def hold_one_and_want_another(has_one: threading.Event) -> None:
    """As a request does that the test did not wait for; tables are locked in the order of their names."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE rating_lease IN ROW EXCLUSIVE MODE")
        has_one.set()
        time.sleep(0.2)
        cursor.execute("LOCK TABLE accounts_user IN ROW EXCLUSIVE MODE")
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_request_that_still_runs_does_not_stop_the_emptying() -> None:
    UserFactory()
    has_one = threading.Event()
    request = threading.Thread(target=hold_one_and_want_another, args=[has_one])
    request.start()
    assert has_one.wait(5)
    empty_tables(TransactionTestCase(), leave)
    request.join()
    assert not User.objects.exists()

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.management.commands import create_admin
from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_generated_password_is_printed_once_and_works() -> None:
    said = run("Ada@Example.org", "--generate", "--name", "Ada")

    ada = User.objects.get()
    assert (ada.email, ada.name, ada.is_superuser) == ("ada@example.org", "Ada", True)
    assert ada.check_password(said.rsplit(maxsplit=1)[-1])


def test_password_comes_from_a_file_and_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("a long enough secret\n")

    said = run("ada@example.org", "--password-file", str(file))

    assert User.objects.get().check_password("a long enough secret")
    assert "secret" not in said


def test_password_is_asked_for_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create_admin.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(create_admin, "getpass", lambda prompt: "a long enough secret")

    run("ada@example.org")

    assert User.objects.get().check_password("a long enough secret")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nonsense", "--generate"], "valid email"),
        (["ada@example.org"], "nobody to ask"),
        (["ada@example.org", "--password-file", "/nowhere"], "cannot be read"),
    ],
)
def test_impossible_wish_is_one_sentence(arguments: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run(*arguments)
    assert not User.objects.exists()


def test_weak_password_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("password")

    with pytest.raises(CommandError, match="too common"):
        run("ada@example.org", "--password-file", str(file))


def test_taken_address_is_said() -> None:
    run("ada@example.org", "--generate")

    with pytest.raises(CommandError, match="has an account already"):
        run("ADA@example.org", "--generate")

import secrets
import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from apps.accounts.models import User
from apps.accounts.registration import EmailTakenError, create_account


class Command(BaseCommand):
    help = "Make the account of a site admin, who may do everything everywhere. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("--name", default="", help="as other people see it")
        password = parser.add_mutually_exclusive_group()
        password.add_argument("--password-file", type=Path, help="read the password from this file")
        password.add_argument("--generate", action="store_true", help="make a password and print it once")

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        password = _read_password(options["password_file"], generate=options["generate"])
        try:
            validate_email(email)
            validate_password(password, User(email=email, name=name))
            create_account(name=name, email=email, password=password, is_site_admin=True)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages) + " No account was made.") from error
        except EmailTakenError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{email.lower()} is a site admin now.")
        if options["generate"]:
            self.stdout.write(f"Password, shown this once: {password}")


def _read_password(file: Path | None, *, generate: bool) -> str:
    if generate:
        return secrets.token_urlsafe(12)
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    if not sys.stdin.isatty():
        raise CommandError("There is nobody to ask for a password here. Use --password-file or --generate.")
    password = getpass("Password: ")
    if getpass("The same again: ") != password:
        raise CommandError("The two passwords differ. No account was made.")
    return password

"""New accounts. Nobody registers by themselves: an invitation or a site admin makes them."""

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError


class EmailTakenError(ConflictError):
    code = "email_taken"


@transaction.atomic
def create_account(*, name: str, email: str, password: str, is_site_admin: bool = False) -> User:
    """Make an account. `password` has passed Django's validators already.

    Raises:
        EmailTakenError: somebody has this address; capitals make no difference.
    """
    make = User.objects.create_superuser if is_site_admin else User.objects.create_user
    try:
        with transaction.atomic():
            user = make(email, password, name=name)
    except IntegrityError as error:
        raise EmailTakenError("This address has an account already. Nothing was changed.") from error
    record_event(
        actor=user, action="account.created", subject=f"user:{user.uid}", is_site_admin=is_site_admin
    )
    return user

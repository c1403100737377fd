from django.http import HttpRequest

from apps.accounts.models import User


class PersonRequest(HttpRequest):
    """The request of somebody signed in, which is all that `@signed_in` and `@project_view` let through."""

    user: User

"""Programs come in with `Authorization: Bearer tst_…`."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiToken, User
from apps.accounts.tokens import find_token, note_use

SCHEME = "Bearer"
MAKE_ANOTHER = "Make another on your profile page."


class TokenAuthentication(BaseAuthentication):
    """Makes `request.auth` the `ApiToken`, whose scopes `ProjectAPIView` checks."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = _check(find_token(key.strip()))
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="Touchstone"'


def _check(token: ApiToken | None) -> ApiToken:
    if token is None:
        raise AuthenticationFailed(
            f"This token is unknown. Check that all of it was copied, from tst_ on. {MAKE_ANOTHER}"
        )
    if token.revoked_at is not None:
        raise AuthenticationFailed(
            f"This token was revoked on {token.revoked_at:%d %B %Y at %H:%M} UTC. {MAKE_ANOTHER}"
        )
    if not token.user.is_active:
        raise AuthenticationFailed("The account of this token is closed. Ask the person who runs this.")
    if not token.is_usable:
        raise AuthenticationFailed(
            f"This token expired on {token.expires_at:%d %B %Y at %H:%M} UTC. {MAKE_ANOTHER}"
        )
    return token

"""The API, version 1: each room brings its own routes."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponseBase
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.core.policy import Policy, declare
from apps.core.signing_in import READING, ask_to_sign_in

PROJECT = "v1/projects/<slug:slug>/"
# Swagger's page is a package's own and styles itself inline; nothing of ours or of a user's is on it.
SWAGGER_CSP = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
}
swagger = csp_replace(SWAGGER_CSP)(SpectacularSwaggerView.as_view(url_name="schema"))


def show_docs(request: HttpRequest) -> HttpResponseBase:
    """A page for people, who are asked to sign in; a program is told 401 as everywhere."""
    if request.user.is_authenticated or request.method not in READING or "Authorization" in request.headers:
        return swagger(request)
    return ask_to_sign_in(request)


urlpatterns = [
    path("v1/schema", declare(SpectacularAPIView.as_view(), Policy("signed_in")), name="schema"),
    path("v1/docs", declare(show_docs, Policy("signed_in")), name="docs"),
    path("v1/projects/", include("apps.projects.api_urls")),
    path("v1/projects/", include("apps.overview.api_urls")),
    path(f"{PROJECT}prompts/", include("apps.prompts.api_urls")),
    path(f"{PROJECT}generation/", include("apps.generation.api_urls")),
    path(f"{PROJECT}rating/", include("apps.rating.api_urls")),
    path(f"{PROJECT}datasets/", include("apps.datasets.api_urls")),
]

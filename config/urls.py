"""Every address. A view without a policy fails the build (`apps/core/policy.py`)."""

from django.urls import include, path

from apps.core.views import show_health

urlpatterns = [
    path("healthz", show_health, name="health"),
    path("accounts/", include("apps.accounts.urls")),
    path("p/<slug:slug>/people/", include("apps.projects.urls_people")),
    path("p/<slug:slug>/setup/rubric/", include("apps.overview.urls_rubric")),
    path("p/<slug:slug>/setup/", include("apps.projects.urls")),
    path("p/<slug:slug>/prompts/", include("apps.prompts.urls")),
    path("p/<slug:slug>/generation/", include("apps.generation.urls")),
    path("p/<slug:slug>/queue/", include("apps.rating.urls_queue")),
    path("p/<slug:slug>/questions/", include("apps.rating.urls_questions")),
    path("p/<slug:slug>/rate/", include("apps.rating.urls")),
    path("p/<slug:slug>/datasets/", include("apps.datasets.urls")),
    path("api/", include("config.api_urls")),
    path("", include("apps.overview.urls")),
]

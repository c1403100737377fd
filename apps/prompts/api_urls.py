from django.urls import path

from apps.prompts import api, api_coverage, api_import, api_urls_curation

app_name = "prompts-api"
urlpatterns = [
    path("", api.PromptListAPI.as_view(), name="list"),
    path("coverage", api_coverage.CoverageAPI.as_view(), name="coverage"),
    *api_urls_curation.urlpatterns,
    path("import", api_import.PromptImportAPI.as_view(), name="import"),
    path("imports/<int:pk>", api_import.PromptImportDetailAPI.as_view(), name="import-detail"),
    path("imports/<int:pk>/cancel", api_import.PromptImportCancelAPI.as_view(), name="import-cancel"),
    path("imports/<int:pk>/resume", api_import.PromptImportResumeAPI.as_view(), name="import-resume"),
    path(
        "imports/<int:pk>/rejections",
        api_import.PromptImportRejectionsAPI.as_view(),
        name="import-rejections",
    ),
]

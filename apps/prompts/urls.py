from django.urls import path

from apps.prompts import (
    urls_curation,
    views,
    views_coverage,
    views_import,
    views_import_columns,
    views_import_report,
    views_rejections,
)

app_name = "prompts"
urlpatterns = [
    path("", views.show_index, name="index"),
    path("facets/", views.show_facets, name="facets"),
    path("add/", views.add, name="add"),
    path("coverage/", views_coverage.show_coverage, name="coverage"),
    path("coverage/target/", views_coverage.set_one_target, name="set_target"),
    path("imports/", views_import.import_file, name="import_file"),
    path("imports/<int:pk>/", views_import_report.show_import, name="import"),
    path("imports/dataset/", views_import.import_dataset, name="import_dataset"),
    path("imports/<int:pk>/live/", views_import_report.show_live, name="import_live"),
    path("imports/<int:pk>/preview/", views_import_columns.preview, name="import_preview"),
    path("imports/<int:pk>/start/", views_import_columns.start, name="import_start"),
    path("imports/<int:pk>/cancel/", views_import_report.cancel, name="import_cancel"),
    path("imports/<int:pk>/resume/", views_import_report.resume, name="import_resume"),
    path("imports/<int:pk>/discard/", views_import_report.discard, name="import_discard"),
    path("imports/<int:pk>/left-out.csv", views_rejections.download_rejections, name="rejections"),
    *urls_curation.urlpatterns,
]

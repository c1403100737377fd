from django.urls import path

from apps.overview import views_rubric, views_rubric_files

app_name = "rubric"
urlpatterns = [
    path("", views_rubric.edit_rubric, name="edit"),
    path("preview/", views_rubric.preview_rubric, name="preview"),
    path("publish/", views_rubric.publish, name="publish"),
    path("discard/", views_rubric.discard, name="discard"),
    path("upload/", views_rubric_files.upload, name="upload"),
    path("<int:version>/", views_rubric_files.show_version, name="version"),
    path("<int:version>/download/", views_rubric_files.download, name="download"),
]

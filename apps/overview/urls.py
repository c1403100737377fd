from django.urls import path

from apps.overview import views, views_import

app_name = "overview"
urlpatterns = [
    path("", views.show_start, name="start"),
    path("projects/new/", views.new_project, name="new_project"),
    path("p/<slug:slug>/", views.show_project, name="project"),
    path("p/<slug:slug>/responses/import/", views_import.import_file, name="import_responses"),
]

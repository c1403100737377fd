from django.urls import path

from apps.prompts import views, views_import

app_name = "prompts"
urlpatterns = [
    path("", views.show_index, name="index"),
    path("add/", views.add, name="add"),
    path("imports/", views_import.import_file, name="import_file"),
    path("imports/<int:pk>/", views_import.show_import, name="import"),
    path("imports/<int:pk>/left-out.csv", views_import.download_rejections, name="rejections"),
    path("<uuid:uid>/approve/", views.approve, name="approve"),
    path("<uuid:uid>/retire/", views.retire, name="retire"),
]

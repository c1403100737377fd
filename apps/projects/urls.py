from django.urls import path

from apps.projects import views

app_name = "projects"
urlpatterns = [
    path("", views.show_settings, name="settings"),
    path("clone/", views.clone, name="clone"),
    path("items/", views.save_item_plan, name="save_item_plan"),
    path("guideline/", views.save_guideline, name="save_guideline"),
    path("guideline/preview/", views.preview_guideline, name="preview_guideline"),
    path("guideline/<int:version>/", views.show_guideline, name="guideline"),
]

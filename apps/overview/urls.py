from django.urls import path

from apps.overview import views, views_desk, views_gaps, views_import, views_prompt

app_name = "overview"
urlpatterns = [
    path("", views.show_start, name="start"),
    path("projects/new/", views.new_project, name="new_project"),
    path("p/<slug:slug>/", views.show_project, name="project"),
    path("p/<slug:slug>/prompts/change/", views_desk.change, name="change_prompts"),
    path("p/<slug:slug>/prompts/changes/<uuid:uid>/undo/", views_desk.undo, name="undo_change"),
    path("p/<slug:slug>/prompts/<uuid:uid>/edit/", views_desk.edit, name="edit_prompt"),
    path("p/<slug:slug>/prompts/<uuid:uid>/", views_prompt.show_prompt, name="prompt"),
    path(
        "p/<slug:slug>/prompts/<uuid:uid>/items/<uuid:item>/others/",
        views_prompt.show_others,
        name="show_others",
    ),
    path("p/<slug:slug>/gaps/", views_gaps.show_gaps, name="gaps"),
    path("p/<slug:slug>/responses/import/", views_import.import_file, name="import_responses"),
]

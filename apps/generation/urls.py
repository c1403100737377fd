from django.urls import path

from apps.generation import views, views_run

app_name = "generation"
urlpatterns = [
    path("", views.show_index, name="index"),
    path("progress/", views.show_progress, name="progress"),
    path("models/", views.add_config, name="add_config"),
    path("models/<int:config_id>/key/", views.change_key, name="change_key"),
    path("models/<int:config_id>/pace/", views.change_config_pace, name="change_pace"),
    path("models/<int:config_id>/remove/", views.remove_config, name="remove_config"),
    path("models/<int:config_id>/restore/", views.restore_config, name="restore_config"),
    path("runs/", views.start, name="start"),
    path("runs/effect/", views.show_effect, name="effect"),
    path("runs/<int:number>/", views_run.show_run, name="run"),
    path("runs/<int:number>/progress/", views_run.show_run_progress, name="run_progress"),
    path("runs/<int:number>/pause/", views_run.pause, name="pause"),
    path("runs/<int:number>/priority/", views_run.prioritise, name="priority"),
    path("runs/<int:number>/cancel/", views_run.cancel, name="cancel"),
    path("runs/<int:number>/resume/", views_run.resume, name="resume"),
    path("runs/<int:number>/retry/", views_run.retry, name="retry"),
]

from django.urls import path

from apps.generation import api

app_name = "generation-api"
urlpatterns = [
    path("configs", api.ConfigListAPI.as_view(), name="configs"),
    path("runs", api.RunListAPI.as_view(), name="runs"),
    path("runs/<int:run_id>", api.RunAPI.as_view(), name="run"),
    path("runs/<int:run_id>/cancel", api.CancelRunAPI.as_view(), name="cancel"),
    path("runs/<int:run_id>/resume", api.ResumeRunAPI.as_view(), name="resume"),
    path("runs/<int:run_id>/retry", api.RetryRunAPI.as_view(), name="retry"),
]

from django.urls import path

from apps.generation import api, api_run

app_name = "generation-api"
urlpatterns = [
    path("configs", api.ConfigListAPI.as_view(), name="configs"),
    path("configs/<int:config_id>", api.ConfigAPI.as_view(), name="config"),
    path("runs", api.RunListAPI.as_view(), name="runs"),
    path("runs/dry-run", api.DryRunAPI.as_view(), name="dry_run"),
    path("runs/<int:run_id>", api_run.RunAPI.as_view(), name="run"),
    path("runs/<int:run_id>/pause", api_run.PauseRunAPI.as_view(), name="pause"),
    path("runs/<int:run_id>/resume", api_run.ResumeRunAPI.as_view(), name="resume"),
    path("runs/<int:run_id>/cancel", api_run.CancelRunAPI.as_view(), name="cancel"),
    path("runs/<int:run_id>/retry", api_run.RetryRunAPI.as_view(), name="retry"),
    path("runs/<int:run_id>/priority", api_run.RunPriorityAPI.as_view(), name="priority"),
]

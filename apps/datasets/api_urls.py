from django.urls import path

from apps.datasets import api, api_downloads, api_held_out, api_snapshots

app_name = "datasets-api"
urlpatterns = [
    path("", api.CountsAPI.as_view(), name="counts"),
    path("recipes", api.RecipesAPI.as_view(), name="recipes"),
    path("recipes/<uuid:uid>", api.RecipeAPI.as_view(), name="recipe"),
    path("recipes/<uuid:uid>/versions", api.RecipeVersionsAPI.as_view(), name="recipe-versions"),
    path("held-out", api_held_out.HeldOutListsAPI.as_view(), name="held-out"),
    path("held-out/<uuid:uid>", api_held_out.HeldOutListAPI.as_view(), name="held-out-list"),
    path("trace/<uuid:item>", api.TraceAPI.as_view(), name="trace"),
    path("snapshots", api_snapshots.SnapshotsAPI.as_view(), name="snapshots"),
    path("snapshots/<uuid:uid>", api_snapshots.SnapshotAPI.as_view(), name="snapshot"),
    path("snapshots/<uuid:uid>/cancel", api_snapshots.SnapshotCancelAPI.as_view(), name="cancel"),
    path("snapshots/<uuid:uid>/manifest", api_snapshots.SnapshotManifestAPI.as_view(), name="manifest"),
    path("snapshots/<uuid:uid>/files", api_snapshots.SnapshotFilesAPI.as_view(), name="files"),
    path("snapshots/<uuid:uid>/files/<path:path>", api_downloads.SnapshotFileAPI.as_view(), name="file"),
    path("snapshots/<uuid:uid>/download", api_downloads.SnapshotDownloadAPI.as_view(), name="download"),
    path(
        "snapshots/<uuid:uid>/compare/<uuid:later>",
        api_snapshots.SnapshotCompareAPI.as_view(),
        name="compare",
    ),
    path(
        "snapshots/<uuid:uid>/trace/<uuid:item>",
        api_snapshots.SnapshotTraceAPI.as_view(),
        name="snapshot-trace",
    ),
]

from django.urls import path

from apps.datasets import views, views_items, views_snapshots

app_name = "datasets"
urlpatterns = [
    path("", views.show_datasets, name="index"),
    path("new/", views.new_recipe, name="new"),
    path("recipes/<uuid:uid>/", views.show_recipe, name="recipe"),
    path("recipes/<uuid:uid>/shelf/", views_snapshots.show_shelf, name="shelf"),
    path("recipes/<uuid:uid>/compare/", views_snapshots.compare, name="compare"),
    path("snapshots/<uuid:uid>/", views_snapshots.show_snapshot, name="snapshot"),
    path("snapshots/<uuid:uid>/cancel/", views_snapshots.cancel, name="cancel"),
    path("snapshots/<uuid:uid>/changes/", views_snapshots.show_change, name="change"),
    path("snapshots/<uuid:uid>/download/", views_snapshots.download, name="download"),
    path("snapshots/<uuid:uid>/files/<path:file>", views_snapshots.download_file, name="file"),
    path("snapshots/<uuid:uid>/row/", views_items.find_row, name="row"),
    path("items/<uuid:uid>/", views_items.show_item, name="item"),
]

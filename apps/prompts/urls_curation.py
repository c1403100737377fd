"""Routes about personal data and near-duplicates; `apps.prompts.urls` takes them in."""

from django.urls import path

from apps.prompts import views_clusters, views_personal_data

urlpatterns = [
    path("personal-data/", views_personal_data.show_settings, name="personal_data"),
    path("held/", views_personal_data.show_held, name="held"),
    path("held/decide/", views_personal_data.decide, name="held_decide"),
    path("clusters/", views_clusters.show_clusters, name="clusters"),
    path("clusters/live/", views_clusters.show_progress, name="clusters_live"),
    path("clusters/look/", views_clusters.look, name="clusters_look"),
    path("clusters/exact/", views_clusters.decide_exact, name="clusters_exact"),
    path("clusters/<uuid:uid>/", views_clusters.show_one, name="cluster"),
    path("jobs/<int:pk>/cancel/", views_clusters.cancel, name="job_cancel"),
]

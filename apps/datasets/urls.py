from django.urls import path

from apps.datasets import views

app_name = "datasets"
urlpatterns = [
    path("", views.show_datasets, name="index"),
    path("download/", views.download, name="download"),
]

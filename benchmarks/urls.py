from django.urls import include, path

from benchmarks.views import show_empty

urlpatterns = [path("benchmark/empty", show_empty), path("", include("config.urls"))]

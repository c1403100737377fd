from django.urls import URLPattern

app_name = "generation-api"
urlpatterns: list[URLPattern] = []

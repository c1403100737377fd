from django.urls import URLPattern

app_name = "prompts-api"
urlpatterns: list[URLPattern] = []

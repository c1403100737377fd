from django.urls import URLPattern

app_name = "rating-api"
urlpatterns: list[URLPattern] = []

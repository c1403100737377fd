from django.urls import path

from apps.accounts import views, views_profile

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.show_sign_in, name="login"),
    path("sign-out", views.sign_out, name="logout"),
    path("reset", views.show_reset, name="reset"),
    path("reset/sent", views.show_reset_sent, name="reset_sent"),
    path("reset/<str:person>", views.confirm_reset, name="reset_confirm"),
    path("profile", views_profile.show_profile, name="profile"),
    path("profile/password", views_profile.change_password, name="password"),
    path("profile/tokens", views_profile.add_token, name="add_token"),
    path("profile/tokens/<int:token_id>/revoke", views_profile.remove_token, name="remove_token"),
]

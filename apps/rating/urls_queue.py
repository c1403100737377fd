from django.urls import path

from apps.rating import views_queue, views_review

app_name = "queue"
urlpatterns = [
    path("", views_queue.show_queue, name="index"),
    path("edit/", views_queue.edit, name="edit"),
    path("review/", views_review.show_review, name="review"),
    path("review/<uuid:uid>/return/", views_review.put_back, name="return"),
    path("review/<uuid:uid>/withdraw/", views_review.withdraw, name="withdraw"),
]

from django.urls import path, re_path

from majlis.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("my/", views.my_page, name="my"),
    # /dialogues/new/ is the form that opens one.
    re_path(r"^dialogues/(?!new/)(?P<slug>[-\w]+)/$", views.dialogue_page, name="dialogue"),
]

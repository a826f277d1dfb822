from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "majlis.home"

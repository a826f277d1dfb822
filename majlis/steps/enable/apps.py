from django.apps import AppConfig


class EnableConfig(AppConfig):
    name = "majlis.steps.enable"

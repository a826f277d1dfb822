from django.apps import AppConfig


class DefineConfig(AppConfig):
    name = "majlis.steps.define"

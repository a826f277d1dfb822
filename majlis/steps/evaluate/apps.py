from django.apps import AppConfig


class EvaluateConfig(AppConfig):
    name = "majlis.steps.evaluate"

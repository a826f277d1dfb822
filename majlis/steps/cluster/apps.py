from django.apps import AppConfig


class ClusterConfig(AppConfig):
    name = "majlis.steps.cluster"

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "majlis.network"

from django.apps import AppConfig


class InviteConfig(AppConfig):
    name = "majlis.steps.invite"

from django.apps import AppConfig


class ReportConfig(AppConfig):
    name = "majlis.steps.report"

from django.apps import AppConfig

from majlis.language.compiled import compile_stale


class LanguageConfig(AppConfig):
    name = "majlis.language"

    def ready(self) -> None:
        compile_stale()

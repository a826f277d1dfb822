"""Every address of the program."""

from django.urls import include, path

urlpatterns = [
    path("", include("majlis.home.urls")),
    path("accounts/", include("majlis.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("styleguide/", include("majlis.web.urls")),
    path("outbox/", include("majlis.outbox.urls")),
    path("network/", include("majlis.network.urls")),
    path("solutions/", include("majlis.solutions.urls")),
    path("projects/", include("majlis.projects.urls")),
    path("search/", include("majlis.search.urls")),
    path("live/", include("majlis.room.urls")),
    path("dialogues/", include("majlis.dialogue.urls")),
    path("dialogues/<slug:dialogue>/cluster/", include("majlis.steps.cluster.urls")),
    path("dialogues/<slug:dialogue>/define/", include("majlis.steps.define.urls")),
    path("dialogues/<slug:dialogue>/invite/", include("majlis.steps.invite.urls")),
    path("dialogues/<slug:dialogue>/enable/", include("majlis.steps.enable.urls")),
    path("dialogues/<slug:dialogue>/evaluate/", include("majlis.steps.evaluate.urls")),
    path("dialogues/<slug:dialogue>/report/", include("majlis.steps.report.urls")),
]

from django.urls import path

from majlis.steps.report import views

app_name = "report"
urlpatterns = [
    path("", views.page, name="page"),
    path("entries/", views.write_entries, name="write_entries"),
    path("summary/", views.write_summary, name="write_summary"),
    path("complete/", views.complete, name="complete"),
    path("records/<str:key>/", views.records, name="records"),
    path("records/<str:activity>/<str:key>/", views.records, name="entry_records"),
    path("file/<str:name>", views.download, name="download"),
]

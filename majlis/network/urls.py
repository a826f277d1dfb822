from django.urls import path

from majlis.network.views import directory, imports, intake, statements

app_name = "network"
urlpatterns = [
    path("", directory.cities, name="cities"),
    path("people/", directory.people, name="people"),
    path("people/<int:person>/listed/", directory.listed, name="listed"),
    path("themes/", directory.themes, name="themes"),
    path("import/", imports.upload, name="import"),
    path("import/<int:pk>/", imports.preview, name="import-preview"),
    path("import/<int:pk>/bring-in/", imports.bring, name="bring-in"),
    path("import/<int:pk>/discard/", imports.drop, name="discard"),
    path("import/<int:pk>/problems/", imports.problems, name="import-problems"),
    path("export/", imports.export, name="export"),
    path("intake/", intake.ask, name="ask-intake"),
    path("intake/<str:token>/", intake.intake, name="intake"),
    path("cities/new/", statements.new_city, name="city-new"),
    path("cities/<str:city>/", directory.city, name="city"),
    path("cities/<str:city>/correct/", statements.correct_city, name="city-correct"),
    path("cities/<str:city>/add/<slug:kind>/", statements.add, name="statement-add"),
    path("statements/<int:statement>/", statements.edit, name="statement-edit"),
    path("statements/<int:statement>/remove/", statements.remove, name="statement-remove"),
]

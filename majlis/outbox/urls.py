from django.urls import path

from majlis.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("batches/<int:number>/", views.batch, name="batch"),
    path("batches/<int:number>/send/", views.send, name="send"),
    path("batches/<int:number>/cancel/", views.cancel, name="cancel"),
    path("batches/<int:number>/again/", views.again, name="again"),
    path("mails/<int:number>/", views.mail, name="mail"),
    path("mails/<int:number>/html/", views.mail_html, name="mail_html"),
    path("mails/<int:number>/test/", views.test, name="test"),
]

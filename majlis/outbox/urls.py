from django.urls import path

from majlis.outbox.views import batches, stopping

app_name = "outbox"
urlpatterns = [
    path("", batches.batches, name="batches"),
    path("batches/<int:number>/", batches.batch, name="batch"),
    path("batches/<int:number>/send/", batches.send, name="send"),
    path("batches/<int:number>/cancel/", batches.cancel, name="cancel"),
    path("batches/<int:number>/again/", batches.again, name="again"),
    path("mails/<int:number>/", batches.mail, name="mail"),
    path("mails/<int:number>/html/", batches.mail_html, name="mail_html"),
    path("mails/<int:number>/test/", batches.test, name="test"),
    path("stop/<str:token>/", stopping.stop, name="stop"),
]

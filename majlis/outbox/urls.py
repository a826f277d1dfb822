from django.urls import path

from majlis.outbox.views import batches, bounces, stopping, texts

app_name = "outbox"
urlpatterns = [
    path("", batches.batches, name="batches"),
    path("batches/<int:number>/", batches.batch, name="batch"),
    path("batches/<int:number>/send/", batches.send, name="send"),
    path("batches/<int:number>/approve/", batches.approve, name="approve"),
    path("batches/<int:number>/unapprove/", batches.unapprove, name="unapprove"),
    path("batches/<int:number>/pause/", batches.pause, name="pause"),
    path("batches/<int:number>/cancel/", batches.cancel, name="cancel"),
    path("batches/<int:number>/again/", batches.again, name="again"),
    path("batches/<int:number>/test/", batches.test_all, name="test_all"),
    path("mails/<int:number>/", batches.mail, name="mail"),
    path("mails/<int:number>/html/", batches.mail_html, name="mail_html"),
    path("mails/<int:number>/test/", batches.test, name="test"),
    path("mails/<int:number>/settle/", batches.settle, name="settle"),
    path("texts/<str:scope>/", texts.texts, name="texts"),
    path("texts/<str:scope>/<str:language>/<path:template>/look/", texts.look, name="look"),
    path("texts/<str:scope>/<str:language>/<path:template>/reset/", texts.reset, name="reset"),
    path("texts/<str:scope>/<str:language>/<path:template>/", texts.text, name="text"),
    path("bounces/", bounces.bounces, name="bounces"),
    path("bounces/<int:number>/settle/", bounces.settle, name="settle_bounce"),
    path("stop/<str:token>/", stopping.stop, name="stop"),
]

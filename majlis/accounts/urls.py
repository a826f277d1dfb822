"""Addresses of signing in. They stand before allauth's own and cover those that we do not want."""

from django.urls import path

from majlis.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="sign_in"),
    path("login/code/", views.request_code, name="request_code"),
    path("login/code/confirm/", views.confirm_code, name="confirm_code"),
    path("demo-login/", views.demo_login, name="demo-login"),
    path("me/", views.me, name="me"),
    path("password/<path:rest>", views.no_passwords),
    path("email/", views.no_passwords),
    path("confirm-email/", views.no_passwords),
    path("confirm-email/<path:rest>", views.no_passwords),
]

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "admin_ui.accounts"
    label = "accounts"

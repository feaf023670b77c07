from django.apps import AppConfig


class DatabasesConfig(AppConfig):
    name = "admin_ui.databases"
    label = "databases"

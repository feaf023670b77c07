from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "admin_ui.audit"
    label = "audit"

from django.apps import AppConfig
from django.conf import settings


class MonitoringConfig(AppConfig):
    name = "admin_ui.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        if settings.SENTRY_DSN:
            from admin_ui.monitoring.error_reports import report_errors

            report_errors(settings.SENTRY_DSN)
        if settings.OTLP_ENDPOINT:
            from admin_ui.monitoring.tracing import instrument

            instrument()

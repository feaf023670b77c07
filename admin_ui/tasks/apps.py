from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "admin_ui.tasks"
    label = "tasks"

    def ready(self) -> None:
        from admin_ui.installation.warning import warns
        from admin_ui.monitoring.metrics import READINGS
        from admin_ui.tasks.status import queue_metrics, warnings

        warns(warnings)
        READINGS.append(queue_metrics)

from typing import Any

from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "admin_ui.tasks"
    label = "tasks"

    def ready(self) -> None:
        from django_tasks.signals import task_enqueued
        from django_tasks_db import DatabaseBackend

        from admin_ui.installation.warning import warns
        from admin_ui.monitoring.metrics import READINGS
        from admin_ui.tasks.status import queue_metrics, warnings
        from admin_ui.tasks.wake import wake_workers

        warns(warnings)
        READINGS.append(queue_metrics)

        def queued(**_kwargs: Any) -> None:
            wake_workers()

        task_enqueued.connect(queued, sender=DatabaseBackend, weak=False, dispatch_uid="wake")

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "assistants.api"
    label = "api"

    def ready(self) -> None:
        from assistants.api.models import expired_answers
        from assistants.tasks.cleaning import ALSO_EXPIRED

        ALSO_EXPIRED.append(expired_answers)

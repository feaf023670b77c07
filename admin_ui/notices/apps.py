from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "admin_ui.notices"
    label = "notices"

    def ready(self) -> None:
        from admin_ui.accounts.leaving.belongings import FORGETTERS
        from admin_ui.notices.spreading import forget_notices

        FORGETTERS.append(forget_notices)

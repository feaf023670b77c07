from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "assistants.registry"
    label = "registry"

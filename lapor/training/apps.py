from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "lapor.training"
    label = "latihan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lapor.training import guard

        guard.close()

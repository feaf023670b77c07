from tests.tasks.conftest import heart, queue, work

__all__ = ["heart", "queue", "work"]

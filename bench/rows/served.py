"""The real server beside one with the bare views only: start, rates, memory, first visit."""

from collections.abc import Iterator

from bench import serving
from bench.pages import HERE, Page, Visitor
from bench.report import Row


def served(visitor: Visitor) -> Iterator[Row]:
    cookies = {name: morsel.value for name, morsel in visitor.client.cookies.items()}
    assistant = visitor.long_history
    listed = Page("list", "assistants/", f"/assistants/{visitor.workspace.pk}/")
    editor = Page("editor", f"assistants/{assistant.pk}/edit/", f"/detail/{assistant.remote_id}/")
    with (
        serving.running("admin_ui.settings") as here,
        serving.running("bench.bare.settings", first_page=listed.plain) as bare,
    ):
        yield Row(
            "start to first page",
            f"{here.seconds:.1f} s",
            bare=f"{bare.seconds:.1f} s",
            goal="≤ 3 s",
            met=here.seconds <= 3,
        )
        for page, goal in ((listed, 130), (editor, 120)):
            rates = [
                serving.requests_per_second(address, cookies, requests=visitor.requests)
                for address in (
                    f"{here.address}{HERE}/{page.address}",
                    f"{bare.address}{page.plain}",
                )
            ]
            yield Row(
                f"{page.measure} at 16 connections",
                f"{rates[0]:.0f} requests/s",
                bare=f"{rates[1]:.0f} requests/s",
                ratio=f"{rates[1] / rates[0]:.1f}×",
                goal=f"≥ {goal}/s",
                met=rates[0] >= goal,
            )
        memory, beside = (serving.worker_memory(server.pid) for server in (here, bare))
        yield Row(
            "memory of the workers (PSS)",
            f"{memory:.0f} MB",
            bare=f"{beside:.0f} MB",
            goal="≤ 200 MB",
            met=memory <= 200,
        )
        size = serving.first_visit(here.address, f"{HERE}/{listed.address}", cookies)
        yield Row(
            "first visit, compressed",
            "list and static files",
            size=f"{size:,}",
            goal="≤ 100 KB",
            met=size <= 100_000,
        )

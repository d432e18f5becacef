"""Everything at once: clients that file and ask again, while web processes and workers are killed under them."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.jobs.running import usual
from tests.servers import PATIENCE, wait_until
from tests.whole.asking import Answer, get
from tests.whole.making import Register
from tests.whole.running import register_served, web

CLIENTS = 8


class Address:
    """Where the register is answered now; clients look here again when they heard nothing."""

    def __init__(self) -> None:
        self.now = ""

    def other_than(self, before: str) -> str:
        wait_until(lambda: self.now not in ("", before), "it is answered elsewhere")
        return self.now


def test_clients_of_a_register_that_is_killed_under_them(register: Register) -> None:
    """Each asks until it is answered; of each there is one filing, and the last verdict of each knows all others."""
    register.in_force()
    names = [f"sewer-{k}" for k in range(CLIENTS)]
    address, some_answered = Address(), Event()

    def file(name: str) -> Answer:
        at = address.other_than("")
        while True:
            try:
                answer = register.filing(id=name).ask(at)
            except (OSError, http.client.HTTPException):
                at = address.other_than(at)
            else:
                some_answered.set()
                return answer

    with ThreadPoolExecutor(CLIENTS) as pool:
        filing = [pool.submit(file, name) for name in names]
        with web(register.url) as victim, usual(register.url) as worker:
            address.now = victim.address
            assert some_answered.wait(PATIENCE)
            victim.kill()
            worker.kill()
        with register_served(register.url) as served:
            address.now = served.address
            assert {one.result(PATIENCE).status for one in filing} == {202}
            register.wait_until_still()
            for name in names:
                standing = get(served.address, f"/v1/applications/{name}/verdict").plain
                seen = {id_ for kind, id_, _ in standing["verdict"]["basis"] if kind == "works"}
                assert seen == {f"{other}/sewer-new" for other in names if other != name}
                assert register.actions(name).count("file") == 1

"""What a version of policy would have said of applications that were decided on: for information only.

Each is judged against what the verdict rested on that its decision names, which is what was known then. So that is told
only where the version differs from the one of that verdict in what it says, and not in what it looks at: what it would
have found of anything else is not known any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from registry.core.errors import Refused
from registry.core.lifecycle import OPEN
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.reuse import Differing, differing
from registry.core.shifts import shifts
from registry.core.verdict import JUDGEMENT, SCHEMA, judge
from registry.core.weighing import Weighed
from registry.services.policy import parsed
from registry.services.verdicts import then
from registry.store import decisions, objects, rulesets, verdicts
from registry.store.rows import VerdictRow


class Past:
    """The applications that were decided on and are open no more, and ``ruleset`` to weigh them by."""

    def __init__(self, session: Session, ruleset: Ruleset):
        self._session, self._ruleset = session, ruleset
        self._differs: dict[str, Differing | None] = {}
        self._named = decisions.last_verdicts(session, OPEN)

    def __len__(self) -> int:
        return len(self._named)

    def weighed(self) -> Iterator[Weighed | None]:
        """What comes of each, in order of id; ``None`` of which nothing can be told."""
        for id_, sha256 in sorted(self._named.items()):
            row = verdicts.of_application(self._session, id_, sha256)
            yield None if row is None else self._weighed(row)

    def _weighed(self, row: VerdictRow) -> Weighed | None:
        differs = self._compared(row)
        revision = objects.revision_of(self._session, "application", row.application_id, row.application_number)
        if differs is None or revision is None or not isinstance(revision.value, Application):
            return None
        application = revision.value
        if (row.document["schema"], row.document["judgement"]) != (SCHEMA, JUDGEMENT):
            return None
        themes = {part.theme for part in application.parts}
        if themes & differs.unread or (differs.pairs and self._ruleset.assumed_depths):
            return None
        kept = Weighed(row.application_id, row.sha256, row.outcome, None, row.outcome, kept=True, past=True)
        asked = themes & ({one for one, _ in differs.pairs} | differs.covers)
        if not asked and not differs.met_in(row.document["findings"]):
            return kept
        basis = [then(self._session, item) for item in verdicts.basis(self._session, row.id)]
        try:
            verdict = judge(application, basis, self._ruleset)
        except Refused as refusal:
            problems = tuple(refusal.problems)
            return Weighed(row.application_id, row.sha256, row.outcome, None, None, problems, past=True)
        told = shifts(row.document["findings"], verdict.document["findings"])  # type: ignore[arg-type]
        return Weighed(
            row.application_id, row.sha256, row.outcome, verdict.sha256, verdict.outcome, (), tuple(told), past=True
        )

    def _compared(self, row: VerdictRow) -> Differing | None:
        if row.ruleset_sha256 not in self._differs:
            stored = rulesets.get(self._session, row.ruleset_id, row.ruleset_version)
            self._differs[row.ruleset_sha256] = None if stored is None else differing(parsed(stored), self._ruleset)
        return self._differs[row.ruleset_sha256]

"""What ``registry ruleset whatif FILE`` does: open applications weighed here and now by a version of policy."""

from __future__ import annotations

from datetime import datetime

import click

from registry.cli.progress import Progress
from registry.core.policy import Ruleset
from registry.core.weighing import Report
from registry.db import Database
from registry.formats.words import Language
from registry.services.judges import Died, Failed
from registry.services.whatif import report
from registry.warm import warm


def what_if(db: Database, rules: Ruleset, now: datetime, lang: Language) -> Report:
    """What these rules would change for every open application. Tells on stderr how far it is."""
    warm(lambda line: click.echo(line, err=True))
    progress = Progress(lang)
    try:
        with db.read() as session:
            return report(session, rules, now, progress=progress)
    except (Died, Failed) as ended:
        raise click.ClickException(str(ended)) from None
    finally:
        progress.end()

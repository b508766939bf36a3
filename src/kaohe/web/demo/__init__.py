"""The demonstration: the demo ledger's town and county as rows, with people, 36 months and work for today.

``load`` fills an empty installation; ``python -m kaohe.web.demo FOLDER`` makes one.
"""

from __future__ import annotations


def load() -> None:
    """Fills the empty tables of the installation that Django was set up with."""
    from kaohe.web.demo.figures import Figures
    from kaohe.web.demo.loading import Foundation
    from kaohe.web.demo.source import Source

    ground = Foundation(Source())
    ground.lay()
    Figures(ground).write()


def score() -> None:
    """Scores the schemes of the demonstration for its last two months."""
    from kaohe.web.assessment.actions import keep_run
    from kaohe.web.assessment.models import Scheme
    from kaohe.web.config import clock
    from kaohe.web.demo.loading import SCORED

    for month, at in SCORED:
        with clock.at(at):
            for scheme in Scheme.objects.all():
                keep_run(scheme=scheme, month=month, by=None)


def act() -> None:
    """Tasks reported on, a request, evidence and a paper: after ``score``, since a paper tells the score."""
    from kaohe.web.demo.acts import do

    do()

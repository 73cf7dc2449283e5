"""The answer of ``compare`` for scripts."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.players.axes import profile_index
from triangle.study.documents import Document, profile_document, solution_document
from triangle.study.study import Answer, Study, differing_parameters, margin_at
from triangle.version import __version__


def comparison_document(studies: Sequence[Study], answers: Sequence[Answer]) -> Document:
    """The answer of ``compare``: inputs that differ, equilibria, and every equilibrium's margin everywhere."""
    profiles = sorted({finding.profile for answer in answers for finding in answer.findings})
    return {
        "schema": "triangle.comparison/1",
        "version": __version__,
        "scenarios": [study.scenario.name for study in studies],
        "differing": {
            name: [study.scenario.values[name] for study in studies] for name in differing_parameters(studies)
        },
        "solutions": [solution_document(study, answer) for study, answer in zip(studies, answers, strict=True)],
        "margins": [
            {
                "profile": profile_document(profile),
                "index": profile_index(profile),
                "margins": [margin_at(study, profile) for study in studies],
            }
            for profile in profiles
        ],
    }

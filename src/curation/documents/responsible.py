"""What a user must know to use the data responsibly, by the names of Croissant's vocabulary for it (RAI)."""

from __future__ import annotations

from collections.abc import Mapping

from curation.dataset import Dataset
from curation.documents.codebook import bands_of
from russia_dprk_claims.checks.tables import TextTables

Statements = Mapping[str, str | list[str]]


def responsible_ai(dataset: Dataset, tables: TextTables) -> Statements:
    """Return what the description of the dataset states, and what follows from its limits and tables."""
    texts = [f"{row['label']} ({row['source_type']}, {row['language']})" for row in tables["sources"].rows()]
    coders = list(tables["coders"].rows())
    described = {
        row["coder_id"]: f"{row['coder_id']}: {row['description']} {row['training'] or ''}".strip() for row in coders
    }
    people = [
        f"{described[row['coder_id']]} Languages: {row['languages']}." for row in coders if row["kind"] == "person"
    ]
    models = [described[row["coder_id"]] for row in coders if row["kind"] == "language_model"]
    alphas = (f"{table}.{column}: {band}" for (table, column), band in bands_of(tables).items() if table in tables)
    stated: Statements = {
        "dataCollection": f"The texts: {'; '.join(texts)}.",
        "dataLimitations": dataset.limits,
        "annotatorDemographics": people or ["None: no person coded the texts."],
        "machineAnnotationTools": [f"Language model {each}" for each in models],
        "dataAnnotationAnalysis": [f"Krippendorff's alpha of {each}." for each in alphas],
        **dataset.responsible_ai,
    }
    return {name: stated[name] for name in sorted(stated) if stated[name]}

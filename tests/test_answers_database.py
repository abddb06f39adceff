"""The database answers the ten questions as `answers.yaml` expects, in plain SQL.

The cells of these tables and views are those of the loader, as test_database shows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from answers import all_expected, expected
from conftest import REPOSITORY
from test_database import answer, opened

from curation.bundle.inputs import inputs_of

# What the questions are about, as somebody would note it down first.
SUBJECTS = """
CREATE TEMP VIEW south_korea AS
  SELECT claim_id FROM claims_wide JOIN claim_attributions USING (claim_id)
  JOIN actor_parts ON part_id = claim_attributions.actor_id WHERE actor = 'South Korea';
CREATE TEMP VIEW intelligence AS SELECT claim_id FROM claims_wide WHERE voice LIKE '%US intelligence%';
CREATE TEMP VIEW denials AS SELECT claim_id FROM claims_wide WHERE attribution LIKE '%in denial%';
CREATE TEMP VIEW cited AS SELECT claim_id FROM claims_wide WHERE figures LIKE '%10,000%';
CREATE TEMP VIEW satellites AS
  SELECT claim_id FROM claim_events JOIN events USING (event_id) WHERE label LIKE '%satellite%';
CREATE TEMP VIEW visits AS SELECT event_id FROM event_summary WHERE kind = 'visit';
CREATE TEMP VIEW single AS SELECT event_id FROM event_summary WHERE independent_origins = 1 AND without_origin = 0;
CREATE TEMP VIEW affirmations AS
  SELECT claim_id, event_id FROM claims_wide JOIN claim_events USING (claim_id) WHERE bearing = 'affirms';
CREATE TEMP VIEW shells AS
  SELECT quantity_id, claim_id FROM figures_wide JOIN item_kinds ON kind_id = figures_wide.item_id
  WHERE item_kinds.item = 'artillery shells' AND transfer_measure = 'amount' AND realization = 'occurred';
CREATE TEMP VIEW received AS
  SELECT transfer_id, claim_id FROM transfers_wide JOIN actor_parts ON part_id = receiver_id
  WHERE actor = 'North Korea';
CREATE TEMP VIEW weapons_sent AS
  SELECT claim_id FROM transfers_wide JOIN items USING (item_id) WHERE realization = 'occurred' AND category IN
  ('weapons', 'ammunition', 'missile', 'rocket_artillery', 'aircraft', 'air_defence', 'naval');
CREATE TEMP VIEW relations AS
  SELECT *, claim_id || ' ' || relation || ' ' || related_claim_id AS words
  FROM relations_both_ways WHERE direction = 'to';
CREATE TEMP VIEW conflicts AS
  SELECT * FROM relations WHERE relation IN ('contradicts', 'denies')
  AND claim_id IN (SELECT claim_id FROM satellites) AND related_claim_id IN (SELECT claim_id FROM satellites);
"""
QUERIES = {
    "shells": {"quantities": "SELECT quantity_id FROM shells", "claims": "SELECT claim_id FROM shells"},
    "denials": {
        "claims": "SELECT claim_id FROM denials",
        "transfers": "SELECT transfer_id FROM transfers_wide WHERE claim_id IN (SELECT claim_id FROM denials)",
        "relations": "SELECT words FROM relations WHERE relation = 'denies'",
    },
    "south-korea": {
        "claims": "SELECT claim_id FROM south_korea",
        "quantities": "SELECT quantity_id FROM figures_wide WHERE claim_id IN (SELECT claim_id FROM south_korea)",
        "transfers": "SELECT transfer_id FROM transfers_wide WHERE claim_id IN (SELECT claim_id FROM south_korea)",
    },
    "satellites": {
        "relations": "SELECT words FROM conflicts",
        "claims": "SELECT claim_id FROM conflicts UNION SELECT related_claim_id FROM conflicts",
    },
    "received": {"transfers": "SELECT transfer_id FROM received", "claims": "SELECT claim_id FROM received"},
    "intelligence": {
        "claims": "SELECT claim_id FROM intelligence",
        "quantities": "SELECT quantity_id FROM figures_wide WHERE claim_id IN (SELECT claim_id FROM intelligence)",
    },
    "visits": {
        "events": "SELECT event_id FROM visits",
        "claims": "SELECT claim_id FROM affirmations WHERE event_id IN (SELECT event_id FROM visits)",
        "relations": """
            WITH about AS (SELECT claim_id FROM affirmations WHERE event_id IN (SELECT event_id FROM visits))
            SELECT words FROM relations WHERE claim_id IN about OR related_claim_id IN about""",
    },
    "corroborations": {
        "relations": """
            SELECT words FROM relations WHERE relation = 'corroborates' AND independence = 'independent'
            AND claim_id IN (SELECT claim_id FROM weapons_sent)
            AND related_claim_id IN (SELECT claim_id FROM weapons_sent)""",
        "events": """
            SELECT event_id FROM event_summary
            WHERE kind = 'delivery' AND independent_origins + without_origin > 0 AND (label LIKE '%weapons%'
            OR label LIKE '%rockets%' OR label LIKE '%missiles go%' OR label LIKE '%shells%'
            OR label LIKE '%ammunition%')""",
    },
    "single-origin": {
        "events": "SELECT event_id FROM single",
        "claims": "SELECT claim_id FROM affirmations WHERE event_id IN (SELECT event_id FROM single)",
    },
    "citation": {
        "claims": "SELECT claim_id FROM cited",
        "quantities": "SELECT quantity_id FROM figures_wide WHERE claim_id IN (SELECT claim_id FROM cited)",
    },
}


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    with closing(opened(inputs_of(REPOSITORY))) as connection:
        connection.executescript(SUBJECTS)
        yield connection


@pytest.mark.parametrize("question", all_expected())
def test_the_database_answers_with_the_expected_rows(database: sqlite3.Connection, question: str) -> None:
    wanted = expected(question)
    found = {table: {row[0] for row in answer(database, query)} for table, query in QUERIES[question].items()}
    for table, rows in wanted.expects.items():
        assert set(rows) - found[table] == set(), f"missing {table}"
    for table, ids in found.items():
        assert ids & set(wanted.excludes.get(table, {})) == set(), f"excluded {table}"

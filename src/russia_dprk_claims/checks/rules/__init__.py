"""The semantic rules by subject; `RULES` lists all of them."""

from __future__ import annotations

from russia_dprk_claims.checks.rule import Rule
from russia_dprk_claims.checks.rules.actors import ACTORS
from russia_dprk_claims.checks.rules.agreements import AGREEMENTS
from russia_dprk_claims.checks.rules.chains import CHAINS
from russia_dprk_claims.checks.rules.claims import CLAIMS
from russia_dprk_claims.checks.rules.dates import DATES
from russia_dprk_claims.checks.rules.events import EVENTS
from russia_dprk_claims.checks.rules.ids import IDS
from russia_dprk_claims.checks.rules.quantities import QUANTITIES
from russia_dprk_claims.checks.rules.relations import RELATIONS
from russia_dprk_claims.checks.rules.sources import SOURCES
from russia_dprk_claims.checks.rules.transfers import TRANSFERS

RULES: tuple[Rule, ...] = (
    *SOURCES,
    *IDS,
    *CLAIMS,
    *QUANTITIES,
    *TRANSFERS,
    *DATES,
    *CHAINS,
    *ACTORS,
    *EVENTS,
    *AGREEMENTS,
    *RELATIONS,
)

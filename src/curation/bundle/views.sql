-- The views of the database. They read `claims_wide` and `transfers_wide`, which have no withdrawn claim.
-- The comment below each name is its description in `_tables`.

CREATE VIEW relations_both_ways AS
-- Every relation between claims, from either side: with the direction `from`, the related claim has it to the claim.
WITH sides AS (
  SELECT claim_id, 'to' AS direction, relation, related_claim_id, aspect, independence, conditional, note
  FROM claim_relations
  UNION ALL
  SELECT related_claim_id, 'from', relation, claim_id, aspect, independence, conditional, note
  FROM claim_relations
)
SELECT
  sides.claim_id, direction, relation, related_claim_id, aspect, independence, conditional, sides.note,
  claim.claim_text, claim.attribution,
  related.claim_text AS related_claim_text, related.polarity, related.modality, related.modality_rank,
  related.event_date, related.voice, related.through, related.attribution AS related_attribution,
  related.source_id, related.source, related.published_on
FROM sides
JOIN claims_wide AS claim ON claim.claim_id = sides.claim_id
JOIN claims_wide AS related ON related.claim_id = sides.related_claim_id;

CREATE VIEW agreement_terms AS
-- What an agreement is about: the transfers of the claims that are linked to it, each with how the claim bears on it.
SELECT agreement_id, agreements.name AS agreement, existence, status, status_as_of, bearing, transfers_wide.*
FROM claim_agreements
JOIN agreements USING (agreement_id)
JOIN transfers_wide USING (claim_id);

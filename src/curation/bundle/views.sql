-- The views of the database. Those with claims read `claims_wide` or `transfers_wide`, which have no withdrawn claim.
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

CREATE VIEW actor_parts AS
-- Every actor with all that is part of it, itself included: a government with its bodies, officials and forces.
WITH RECURSIVE parts (actor_id, part_id) AS (
  SELECT actor_id, actor_id FROM actors
  UNION
  SELECT parts.actor_id, actors.actor_id FROM parts JOIN actors ON actors.parent_id = parts.part_id
)
SELECT parts.actor_id, actor.name AS actor, part_id, part.name AS part
FROM parts
JOIN actors AS actor ON actor.actor_id = parts.actor_id
JOIN actors AS part ON part.actor_id = part_id;

CREATE VIEW item_kinds AS
-- Every item with all kinds of it, itself included: artillery shells with those of one calibre.
WITH RECURSIVE kinds (item_id, kind_id) AS (
  SELECT item_id, item_id FROM items
  UNION
  SELECT kinds.item_id, items.item_id FROM kinds JOIN items ON items.parent_id = kinds.kind_id
)
SELECT kinds.item_id, item.name AS item, item.category, kind_id, kind.name AS kind
FROM kinds
JOIN items AS item ON item.item_id = kinds.item_id
JOIN items AS kind ON kind.item_id = kind_id;

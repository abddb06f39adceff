-- Ten questions, asked of the database. A comment names the question and the table of the ids that its query returns.

-- shells quantities
SELECT quantity_id FROM figures_wide
WHERE item LIKE '%shells%' AND transfer_measure = 'amount' AND realization = 'occurred';

-- shells claims
SELECT claim_id FROM figures_wide
WHERE item LIKE '%shells%' AND transfer_measure = 'amount' AND realization = 'occurred';

-- denials claims
SELECT claim_id FROM claims_wide WHERE attribution LIKE '%in denial%';

-- denials transfers
SELECT transfer_id FROM transfers_wide WHERE attribution LIKE '%in denial%';

-- denials relations
SELECT DISTINCT claim_id || ' denies ' || related_claim_id FROM relations_both_ways
WHERE relation = 'denies' AND direction = 'to';

-- south-korea claims
SELECT claim_id FROM claims_wide WHERE voice IN ('South Korea', 'Shin Wonsik');

-- south-korea quantities
SELECT quantity_id FROM figures_wide WHERE voice IN ('South Korea', 'Shin Wonsik');

-- south-korea transfers
SELECT transfer_id FROM transfers_wide WHERE voice IN ('South Korea', 'Shin Wonsik');

-- satellites claims
SELECT claims_wide.claim_id FROM claims_wide JOIN relations_both_ways USING (claim_id)
JOIN claims_wide AS other ON other.claim_id = related_claim_id
WHERE relation IN ('contradicts', 'denies') AND claims_wide.events LIKE '%satellite%' AND other.events LIKE '%satellite%';

-- satellites relations
SELECT claim_id || ' ' || relation || ' ' || related_claim_id FROM claims_wide JOIN relations_both_ways USING (claim_id)
WHERE relation IN ('contradicts', 'denies') AND direction = 'to' AND events LIKE '%satellite%'
AND related_claim_id IN (SELECT claim_id FROM claims_wide WHERE events LIKE '%satellite%');

-- received transfers
SELECT transfer_id FROM transfers_wide WHERE receiver IN ('North Korea', 'Kim Jong Un');

-- received claims
SELECT claim_id FROM transfers_wide WHERE receiver IN ('North Korea', 'Kim Jong Un');

-- intelligence claims
SELECT claim_id FROM claims_wide WHERE voice LIKE '%US intelligence%' OR voice LIKE '%Ukrainian intelligence%';

-- intelligence quantities
SELECT quantity_id FROM figures_wide WHERE voice LIKE '%US intelligence%' OR voice LIKE '%Ukrainian intelligence%';

-- visits events
SELECT event_id FROM event_summary WHERE kind = 'visit';

-- visits claims
SELECT claim_id FROM claim_events JOIN events USING (event_id) JOIN claims_wide USING (claim_id)
WHERE kind = 'visit' AND bearing = 'affirms';

-- visits relations
SELECT claim_id || ' ' || relation || ' ' || related_claim_id FROM claim_events JOIN events USING (event_id)
JOIN relations_both_ways USING (claim_id)
WHERE kind = 'visit' AND bearing = 'affirms' AND direction = 'to';

-- corroborations relations
SELECT claim_id || ' ' || relation || ' ' || related_claim_id FROM relations_both_ways
WHERE relation = 'corroborates' AND independence = 'independent' AND direction = 'to'
AND claim_id IN (SELECT claim_id FROM transfers_wide WHERE realization = 'occurred')
AND related_claim_id IN (SELECT claim_id FROM transfers_wide WHERE realization = 'occurred');

-- corroborations events
SELECT event_id FROM event_summary WHERE kind = 'delivery' AND independent_origins + without_origin > 0 AND (
  label LIKE '%weapons%' OR label LIKE '%shells%' OR label LIKE '%rockets%' OR label LIKE '%missiles go%'
  OR label LIKE '%ammunition%');

-- single-origin events
SELECT event_id FROM event_summary WHERE independent_origins = 1 AND without_origin = 0;

-- single-origin claims
SELECT claim_id FROM event_summary JOIN claim_events USING (event_id) JOIN claims_wide USING (claim_id)
WHERE independent_origins = 1 AND without_origin = 0 AND bearing = 'affirms';

-- citation claims
SELECT claim_id FROM claims_wide WHERE figures LIKE '%10,000%';

-- citation quantities
SELECT quantity_id FROM figures_wide
WHERE claim_id IN (SELECT claim_id FROM claims_wide WHERE figures LIKE '%10,000%');

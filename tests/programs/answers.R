# Ten questions, asked of the files for R; prints `question table id` lines. Run it in the folder of the files.
read <- function(table) read.csv(file.path("data", paste0(table, ".csv")), na.strings = "", encoding = "UTF-8")
wide <- read.csv("claims_wide.csv", na.strings = "", encoding = "UTF-8")
quantities <- merge(read("quantities"), wide[c("claim_id", "polarity")])
transfers <- merge(read("transfers"), wide[c("claim_id", "polarity", "attribution")])
relations <- subset(read("claim_relations"), claim_id %in% wide$claim_id & related_claim_id %in% wide$claim_id)
relations$name <- paste(relations$claim_id, relations$relation, relations$related_claim_id)
bearings <- subset(read("claim_events"), claim_id %in% wide$claim_id)
events <- read("events")
origins <- merge(bearings[bearings$bearing == "affirms", ], read("claims")[c("claim_id", "source_id", "origin_id")])

answer <- function(question, table, ids) {
  if (length(ids) > 0) cat(paste(question, table, unique(ids), sep = "\t"), sep = "\n")
}
of_claims <- function(rows, claims) rows[rows$claim_id %in% claims, ]

sent <- subset(merge(quantities, transfers[c("transfer_id", "realization")]),
               grepl("shells", item) & transfer_measure == "amount" & realization == "occurred")
answer("shells", "quantities", sent$quantity_id)
answer("shells", "claims", sent$claim_id)

denied <- wide$claim_id[grepl("in denial", wide$attribution)]
answer("denials", "claims", denied)
answer("denials", "transfers", of_claims(transfers, denied)$transfer_id)
answer("denials", "relations", relations$name[relations$relation == "denies"])

korean <- wide$claim_id[grepl("South Korea|Shin Wonsik", wide$voice)]
answer("south-korea", "claims", korean)
answer("south-korea", "quantities", of_claims(quantities, korean)$quantity_id)
answer("south-korea", "transfers", of_claims(transfers, korean)$transfer_id)

about <- wide$claim_id[grepl("satellite", wide$events, ignore.case = TRUE)]
pairs <- subset(relations, relation %in% c("contradicts", "denies") & claim_id %in% about & related_claim_id %in% about)
answer("satellites", "relations", pairs$name)
answer("satellites", "claims", c(pairs$claim_id, pairs$related_claim_id))

received <- subset(transfers, receiver_id %in% c("ACT-north-korea", "ACT-kim-jong-un"))
answer("received", "transfers", received$transfer_id)
answer("received", "claims", received$claim_id)

reports <- wide$claim_id[grepl("US intelligence", wide$voice)]
answer("intelligence", "claims", reports)
answer("intelligence", "quantities", of_claims(quantities, reports)$quantity_id)

visits <- events$event_id[events$kind == "visit"]
visited <- subset(bearings, event_id %in% visits & bearing == "affirms")$claim_id
answer("visits", "events", visits)
answer("visits", "claims", visited)
answer("visits", "relations", relations$name[relations$claim_id %in% visited | relations$related_claim_id %in% visited])

weapons <- "weapons|rockets|missiles go|shells|ammunition"
arms <- grepl("weapons|artillery|ammunition|missiles|rocket", read("items")$category)
happened <- subset(transfers, item_id %in% read("items")$item_id[arms] & realization == "occurred")$claim_id
both <- subset(relations, relation == "corroborates" & independence == "independent" &
                 claim_id %in% happened & related_claim_id %in% happened)
answer("corroborations", "relations", both$name)
delivered <- subset(events, kind == "delivery" & grepl(weapons, label) & event_id %in% origins$event_id)
answer("corroborations", "events", delivered$event_id)

known <- tapply(origins$origin_id, origins$event_id, function(each) length(unique(each[!is.na(each)])))
unknown <- tapply(is.na(origins$origin_id), origins$event_id, any)
single <- names(known)[known == 1 & !unknown]
answer("single-origin", "events", single)
answer("single-origin", "claims", subset(origins, event_id %in% single)$claim_id)

counted <- wide$claim_id[grepl("10,000", wide$figures)]
answer("citation", "claims", counted)
answer("citation", "quantities", of_claims(quantities, counted)$quantity_id)

"""The catalogue of rules: the text of every rule that a finding can name.

An entry has the rule in one sentence, and a hint on what to do if it is broken. The conditions of the semantic rules
are in `rules/`. In a hint, `{definition}` stands for the definition of the value in the cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from russia_dprk_claims.checks.findings import Finding, Location, Severity
from russia_dprk_claims.contract import SHORTEST_HASHED


@dataclass(frozen=True)
class Entry:
    """The text of one rule; a semantic rule has `tables`."""

    id: str
    group: str
    statement: str
    hint: str
    severity: Severity = Severity.ERROR
    tables: tuple[str, ...] = ()


# A line with the id and the statement of each rule, and below it the line with the hint.
_TEXTS = {
    "files": """
file-name: A seed file is named after its record, ends in .yaml, and is in seeds/ or a folder named after a table.
    rename or move it
repeated-file: No two seed files are the same, or hold the same record.
    remove one of the two; the record of a new text has the name of its file as its id
outside-seeds: A link must not point outside the seed folder.
    copy the file itself
unreadable-file: Every file is a regular file that can be read.
    replace or remove it
file-size: Seeds have at most 100,000 records and one per 100 bytes; a seed file has at most 8 MB and 300,000 values.
    split it
not-utf-8: Every file is UTF-8.
    save the file with the encoding UTF-8
empty-file: A seed file is not empty.
    write a record or remove the file
no-mapping: A seed file is one mapping of keys to values.
    begin with 'key: value' lines
yaml-syntax: A seed file is valid YAML.
    check this line and the line above it
yaml-alias: Seed files do not use anchors and aliases.
    write the value out; put a text that begins with & or * in quotes
yaml-tag: Seed files do not use tags.
    remove it; put a text that begins with ! in quotes
yaml-depth: Records nest three levels deep, and nothing nests deeper than 20.
    nest fewer levels
yaml-key: A key is one word.
    put a value that begins with { or [ in quotes
yaml-comment: A text does not end before ' #', because what follows is a comment.
    put the text in quotes, or write two spaces before the comment
yaml-documents: A seed file is one YAML document.
    remove the '---'
duplicate-key: A record has each key once.
    remove one, or begin a new record with '- '
""",
    "records": """
unknown-key: Every key of a record is a column of its table or the name of a child table.
    correct the key, or remove it
wrong-type: A column holds one value, a child table a list of records.
    put a value that begins with [ or { in quotes
computed-column: Computed columns are not written.
    leave it out
registry-order: The rows of a registry, such as seeds/actors.yaml, are in the order of their ids.
    move the row
unsealed-quote: Every quote has been turned into a span.
    run scripts/seal.py
unaccepted-draft: A record has no candidates left that a draft proposed and nobody accepted.
    accept each by deleting its "draft: true", or delete the candidate
span-form: A span is two numbers with a hyphen, the first below the second.
    write start-end, as in 1650-1785, or a quote and run scripts/seal.py
""",
    "structure": """
required: A required cell has a value.
    write it
type: A cell is written as its type requires.
    write whole numbers as 12, numbers as 0.5, days as 2024-06-23, and true or false
vocabulary: A cell with a vocabulary has one of its values.
    use a value of the vocabulary
pattern: A cell with a pattern matches it.
    write it like the example of the column
pattern-by: A unit fits the property: time in a, mo, wk, d or h, length in mm, m or km, counted things in braces.
    write a UCUM code that fits
minimum: A number is not below its minimum.
    check the number
max-words: A text has at most as many words as its column allows.
    shorten it
text-null: An empty cell is left empty, not written as nan, none, null or n/a.
    leave the cell out
text-invisible: A text has no character that cannot be seen: no control, filler, tag, zero-width or bidirectional one.
    remove the character
text-spaces: A text has single plain spaces, and none at its beginning or end.
    remove the space, or write a plain one
text-nfc: A text is in Unicode normal form C.
    write each letter as one character (Unicode NFC)
text-formula: A text does not begin like a formula, because a spreadsheet would run it.
    begin with a letter or a digit
text-garbled: A text in our words has no mojibake, replacement or private-use characters, emoji, or piles of accents.
    type the word again, without the sign
text-script: No word of ours mixes alphabets, and no letter or digit has another width or style.
    type the word again, in one alphabet
primary-key: Each row of a table has a different primary key.
    remove the second record
unique: Each row has a different value in a unique column.
    remove the second record
foreign-key: Every reference is to an existing row.
    correct the reference, or add the row
""",
    "semantics": """
language-tag: A language is a registered BCP 47 tag.
    for example en, fr, ko, ru or zh-Hans
translated-from-other: A text is not translated from its own language.
    leave translated_from out
published-basis: The publication date is empty exactly where its basis is unknown.
    {definition}
published-inferred-note: The note explains an inferred publication date.
    say in the note what it is inferred from
coded-after-published: A text is coded no earlier than it was published.
    check published_on and coded_on
coder-language: The coder of a text reads its language.
    correct coded_by or language, or add the language to the coder
span-order: A span begins before it ends.
    write a quote and run scripts/seal.py
span-in-text: A span ends inside its text.
    write a quote and run scripts/seal.py
claim-id-parent: The id of a claim begins with the id of its source.
    write the short id, such as C012
quantity-id-parent: The id of a quantity begins with the id of its claim.
    write the short id, such as Q1
transfer-id-parent: The id of a transfer begins with the id of its claim.
    write the short id, such as T1
superseded-withdrawn: Only a withdrawn claim has a replacement.
    write record_status: withdrawn, or leave superseded_by out
superseded-active: The replacement of a withdrawn claim is active.
    refer to the last claim of the chain
withdrawn-note: The note of a withdrawn claim says why it was withdrawn.
    write a note
relation-active: An active claim must not be related to a withdrawn claim.
    refer to the claim that replaces it, or remove the row
span-hash: A passage of {shortest} code points or more has a hash, and a shorter one has none.
    run scripts/seal.py
claim-sentence: A claim is a sentence: it begins with a capital or a digit and ends with a full stop.
    write one plain sentence
claim-distinct: Two active claims of one source do not have the same text.
    say what is different, or remove one
denied-wording: A claim with `polarity: denied` says it in the negative.
    write what is not so, with a word such as not or no, or another polarity
hedge-modality: A claim with a hedge is not certain.
    write modality: probable or possible, or leave hedge out
arms-parties: A claim with `topic: arms_transfer` has a supplier or a recipient.
    add those that the passage names or implies to claim_actors
vote-voters: A claim with `topic: un_vote` has a voter or a participant.
    add who voted to claim_actors
forecast-time: `statement_kind: forecast` requires `temporal_status: future` or `hypothetical`.
    write future or hypothetical, or another statement_kind
open-polarity: `polarity: unknown` requires `modality: underspecified` or `possible`.
    write modality: underspecified
quantity-span: The span of a quantity is inside the span of its claim.
    quote the figure from the passage of its claim and run scripts/seal.py
quantity-order: The order is value_low, value_best, value_high, from the lowest to the highest.
    put the lower figure in value_low and the higher in value_high
quantity-bounds: The bound type says which of value_low, value_best and value_high are set.
    {definition}
quantity-as-worded: The values are the numbers that value_text names, including scale words.
    4.8 million is 4800000; code the figure as worded and nothing else
bound-as-worded: The bound type is the one that value_text words.
    "at least" is at_least, "over" more_than, "up to" up_to, "about" and "nearly" approximate, a plain figure exact
quantity-whole: Counts and ordinals are whole numbers that are not negative.
    write a whole number, or another property
quantity-range: No duration, length, mass or ratio is negative, and no ordinal is 0.
    check the value, the property and the unit
unit-as-worded: The unit of a measured figure is one that its words name.
    write the unit as worded; do not convert
money-unit: The unit of an amount of money is a currency of ISO 4217.
    for example USD, EUR, RUB, KRW or KPW
value-modality: The modality of a value differs from that of its claim, or is `as_claim`.
    write value_modality: as_claim, or leave it out
ratio-base: A ratio, and nothing else, has ratio_direction and ratio_base.
    add both to a ratio; leave them out of anything else
quantity-parent: A quantity is contained in another quantity of the same claim.
    refer to another quantity of the same claim, such as Q1
quantity-cycle: A quantity is not contained in itself, directly or through others.
    refer from the smaller to the larger quantity, and leave the largest without a parent
quantity-transfer: A quantity that measures a transfer of its claim says whether it is the amount or the carrier.
    write transfer_id, such as T1, and transfer_measure together, or leave both out
transfer-sides: A transfer has a giver or a receiver, and they differ.
    write giver_id, receiver_id or both
transfer-actors: The giver of a transfer is a supplier of its claim, and the receiver a recipient.
    add the actor to claim_actors with that role, or exchange giver_id and receiver_id
transfer-time: What occurred is not future, what is expected not past, and what is forbidden is an obligation or denied.
    correct it, or the temporal_status or statement_kind of the claim; {definition}
transfer-stage: What is only agreed, offered, sought, declined or forbidden is not shipped, and what occurred is.
    correct realization or stage, or leave stage out; {definition}
transfer-once: A claim states a transfer once.
    say what is different, or remove one
arms-transfer: A claim with `topic: arms_transfer` that states an event or an estimate has a transfer.
    add transfers to the claim, or correct its topic
weapons-topic: A claim has `topic: arms_transfer` if it says that only weapons are given, agreed or offered.
    write topic: arms_transfer if that is what the claim is mainly about
item-used: Every item is used.
    remove it, or use it
item-cycle: An item is not a kind of itself, directly or through others.
    refer to the more general item
item-category: A kind of weapon has the category of the more general item.
    correct category or parent_id
edtf-date: A date is EDTF and names days that exist.
    write it as 2024-06-23, 2024-06, 2024-06~, 2023-11/2024-01 or 2022-02/..
date-years: A date is between 1900 and 2100.
    check the year
event-date-days: The first and last day of an event follow from its date.
    run scripts/build.py, which computes them
date-basis: The event date is empty exactly where `date_basis` is `none`.
    {definition}
event-before-publication: A past or ongoing event does not begin after its passage, unless date_status says why.
    check event_date and as_of; write date_status: contradicted with a note, or another temporal_status
future-event: What the document calls future is not over when its passage speaks.
    check event_date, as_of and temporal_status
year-named: A year in which a text says that the matter took place is in its date.
    correct the year or the date
other-text-note: The note of a date from another text names that text by its id.
    write in the note which text gives the date, such as SRC-0002
date-status-note: The note explains an ambiguous or contradicted date.
    say in the note what contradicts the date, or register an event for each date
as-of-published: A passage speaks from a day no later than the publication of its source.
    leave as_of out, unless the passage is older than its source
stated-published: A voice spoke no later than the publication of the source.
    check stated_on
stated-time: A voice speaks of a past event after it began, and of a future one before it was over.
    check stated_on, event_date and temporal_status
origin-date: The date of an origin and the day on which its speaker said it agree.
    correct stated_on of the voice or date of the origin
origin-published: An utterance was made no later than the publication of the text that passes it on.
    check the date of the origin and published_on
chain-present: Every claim has an attribution chain.
    add claim_attributions, beginning with - {act: asserts} or - {act: reports}
chain-contiguous: The steps of a chain are 0, 1, 2 and so on, without a gap.
    leave step out, so that it is counted; write it only for voices that share a step
chain-document: Step 0 of a chain is the document itself, and no other step is.
    begin each chain with the document, - {act: reports}, and give each other step its specificity
chain-actor: A named or described voice has an actor_id; the document and an unattributed voice have none.
    give the voice its actor_id, or leave it out for the document and for an unattributed voice
chain-joint: A voice is joint exactly where its step has more than one voice.
    write joint: true and the same step on every voice that speaks together with another
chain-reports: Every voice but the innermost has `act: reports`, and the innermost another act.
    write act: reports, or the same step and joint: true for two voices that speak together
act-kind: The act of the innermost voice fits the kind of statement: urges a proposal, predicts a forecast.
    {definition}
voice-kind: The actor is a person for a named person or unnamed official, and neither a person nor a place for others.
    name who speaks, for a metonym the state or body; or correct specificity or the actor's type; {definition}
denial-polarity: If a voice has `act: denies`, the claim has `polarity: denied`.
    write polarity: denied; for a negative statement that answers no allegation, write act: asserts
denial-of: A denial is related to what it denies, or its note names the allegation.
    add a relation denies, or name the allegation in the note
stance-innermost: The innermost voice of a chain is neutral to what it says itself.
    leave stance out; write it at the voice that passes something on
suggestion-modality: If the innermost voice has `act: suggests`, the modality is not `certain`.
    write modality: possible, or another act
claim-once: Two active claims of one source differ in span, topic, time, modality, polarity or innermost voice.
    merge the two, or give each its own passage
country-code: A country is an ISO 3166-1 alpha-3 code.
    for example PRK, RUS, KOR, USA or CHN
actor-cycle: An actor is not part of itself, directly or through others.
    refer to the larger actor
preferred-name: An actor has exactly one preferred name, the same as its name in actors.
    write it under actor_names with name_type: preferred
actor-used: Every actor is used.
    remove it, or use it
actor-identifier: An identifier has a scheme, and only vessels and aircraft have one.
    write identifier and identifier_scheme together, or leave both out
imo-number: An IMO number is that of a vessel: seven digits, of which the last is a check digit.
    compare it with the text; write the seven digits without "IMO"
actor-country: An actor that is no person has the country of what it is part of.
    correct country or parent_id
name-distinct: No two actors, items, agreements, events or origins have the same name, but for case and marks.
    say what is different, or remove one
fault-source: A misspelt or truncated name gives the source that has it.
    add source_id
name-registered: A name given as exact, misspelt or truncated is registered as such in actor_names.
    add it under actor_names in seeds/actors.yaml, or write resolution: variant or inferred
name-implied: An actor without name_as_stated has `resolution: inferred`.
    write resolution: inferred, or the words of the passage as name_as_stated
name-exact: A name given as a variant is not itself registered.
    write resolution: exact
vote-sides: An actor votes on one side.
    remove one of the two roles, or split the claim
arms-distinct: A supplier of arms has a recipient other than itself.
    correct one of the roles
origin-used: Every origin is the origin of an active claim.
    remove it, or use it
origin-voice: A claim that the document states has no origin.
    leave origin_id out, or add the voice that the document passes on
origin-speaker: The speaker of an origin, the body above it, or a part of it, is a voice of its claims.
    correct origin_id, or the voices of the claim
event-claimed: Every event has an active claim.
    link a claim to it under claim_events, or remove it
event-date: The date of an event is the narrowest that its claims give, if they agree.
    run scripts/build.py, which computes it
event-date-status: The date status of an event follows from its claims, unless its note disputes the date.
    leave it out, or write disputed_elsewhere with a note that names the reference
event-place: The place of an event is a place or a state.
    refer to a place or a state
event-agreement: A signing has an agreement that is signed, and the agreement of a vote is one that is voted on.
    correct kind or agreement_id
event-bearing: How a claim bears on an event fits its polarity, its time and its kind.
    affirms, denies: that polarity, not future; foretells: not past; questions: unknown; proposes: a proposal
agreement-parties: An agreement has two parties or more, unless it is the act of one body or its texts name no party.
    add agreement_parties; if the texts name none, list none and say so in the note
agreement-claimed: Every agreement is linked to an active claim.
    link a claim to it under claim_agreements, or remove it
agreement-status: An agreement that was signed or went further is documented or reported.
    write status: not_established or proposed, or another existence
agreement-existence: No claim is certain that a hypothetical agreement came about.
    write another existence, or check the bearing of the claim
party-alleged: The parties of an alleged or hypothetical agreement, and no others, are alleged.
    correct party_role, or the existence of the agreement
agreement-as-of: The status of an agreement is as of the latest of its claims.
    run scripts/build.py, which computes it
barter-sides: The active claims on a barter have transfers in both directions.
    add the transfers to its claims, or write another form
denied-bearing: A claim with `bearing: denies` has `polarity: denied`, and a claim with `bearing: asserts` does not.
    {definition}
relation-self: A claim is not related to itself.
    correct one of the two ids
relation-once: A symmetric relation is given once.
    remove one of the two rows
denies-opposite: `relation: denies` goes from a denied claim to an affirmed one.
    write polarity: denied in the denial and polarity: affirmed in what it denies
corroborates-other: A claim is corroborated by another speaker, or by another document.
    write relation: repeats or qualifies, or remove the row
contradicts-conditional: A contradiction with a hypothetical claim is conditional; a note states each condition.
    write conditional: true and the condition in the note
repeats-origin: A claim that repeats another has the same origin.
    write independence: same_origin, and give both the same origin_id if either has one
independent-origins: Independent claims do not share an origin.
    write independence: same_origin, or correct an origin_id
resolves-later: A claim that resolves another is affirmed, certain and no older.
    swap the two ids, or write relation: qualifies
repeats-polarity: A claim that repeats another has the same polarity.
    write relation: contradicts or qualifies, or check the polarity
same-origin: Claims of the same origin have the same origin_id, or none.
    give both the same origin_id, or write independence: unknown
own-statements: Two statements of one document are not independent.
    write independence: same_origin
""",
    "passages": """
seal: Every long passage has its hash in seeds/seals/.
    run scripts/seal.py
text-identity: An available text is the one that was coded, byte for byte.
    use the text that was coded, or code the new one
span-boundary: A span begins and ends at words, without spaces.
    write a quote and run scripts/seal.py
verbatim: Figures, hedges and names as stated are in the passage of their row.
    copy it from the passage, or correct the span
figure-span: The span of a figure is the words of value_text, and no more.
    quote the same words and run scripts/seal.py
own-words: A record shares no seven words in a row with its own text, and a registry none with any text, except names.
    rephrase it in your own words
coverage: Every part of a text is in the span of a claim or is set aside.
    code it, extend a span beside it, or set it aside with a reason
set-aside-overlap: A passage that is set aside does not overlap with the span of a claim or another such passage.
    set aside only what no claim rests on
name-in-text: Every name is in a text.
    write it as the text has it, or remove it
name-source: A name that is in one text only gives that text as its source.
    add its source_id
year-stated: A year printed in a passage is in a date of its claim.
    write event_date, or say in the note what the year dates
date-printed: A date that is called stated is printed in its passage, at least its year or its month.
    write date_basis: relative, inferred or other_text
hedge-missing: A word in the passage that weakens a statement shows in the modality of a claim or figure, or in a note.
    check modality and hedge; if the word belongs to another claim, say so in the note
actor-named: A claim without actors, events and agreements names no actor in its passage, except its voices.
    add the actor to claim_actors
voice-in-text: A voice, unless it is an unnamed group, is named in the text by the end of its claim's passage.
    check who is speaking; register the name that the text uses
""",
    "package": """
released-ids: A released id stays, or seeds/released.csv names its successor.
    restore the row; to retract a claim, write record_status: withdrawn; for another row, name its successor
committed-text: No source text is in git, or in a file that git would add.
    move it to seeds/texts/, which git ignores; if it was pushed, ask for it to be removed from the history
id-clash: Two branches do not give one id to different rows.
    choose another id
stale: The built files are up to date with the seeds.
    run scripts/build.py
descriptor-unreadable: A package has a datapackage.json that can be read.
    give the folder that holds it
descriptor-syntax: The descriptor of a package is JSON.
    build it again
descriptor-resources: The descriptor of a package lists its resources.
    build it again
resource: A package has one resource with a name and a path for each table, and no other.
    give each table one resource with its name and path
resource-path: The path of a resource is that of a plain CSV file inside the package.
    keep to one CSV and one schema for each table, inside the package
resource-format: A resource is a CSV in UTF-8, with commas and one header line, and says nothing else.
    leave it out, or say what is true of the file
resource-hash: A file has the size and the hash that datapackage.json records.
    run scripts/build.py, or download the package again
descriptor-version: The version of a package is three numbers.
    write it as 1.2.0
link: An address is one of the web, or a file of the package where a licence or a source may be one.
    write an address that begins with https://
resource-schema: The schemas of a package are those of the contract, by which its tables are checked.
    put the schema of the dataset there, or validate with the contract of that release
byte-order-mark: A CSV does not begin with a byte order mark.
    save it as UTF-8 without one
nul-byte: A CSV has no NUL byte.
    remove it
line-end: The lines of a CSV end in a line feed alone.
    save it with Unix line ends
csv-syntax: A CSV closes and doubles its quotes, and no cell is larger than a million characters.
    look for a quote that is not closed or not doubled
csv-header: The header of a CSV has the columns of its table, each once and in order.
    begin with the columns of the table
csv-cells: Every record of a CSV has as many cells as the header.
    look for a comma outside quotes, or a missing one
""",
}
_WARNINGS = frozenset(
    {
        *("resource-schema", "published-inferred-note", "withdrawn-note", "date-status-note", "weapons-topic"),
        *("yaml-comment", "actor-named"),
        *("year-stated", "hedge-missing", "voice-in-text", "denied-wording", "value-modality", "item-category"),
        *("year-named", "future-event", "act-kind", "actor-country", "name-exact", "vote-sides"),
        *("origin-speaker", "event-agreement", "repeats-polarity"),
    }
)
ENTRIES: Mapping[str, Entry] = {
    id_: Entry(
        id_,
        group,
        statement.replace("{shortest}", str(SHORTEST_HASHED)),
        hint,
        Severity.WARNING if id_ in _WARNINGS else Severity.ERROR,
    )
    for group, text in _TEXTS.items()
    for id_, statement, hint in re.findall(r"^([a-z0-9-]+): (.+)\n +(.+)$", text, re.MULTILINE)
}
"""Every rule by id: files, records, structure, semantics, passages, package."""


def finding(
    rule: str,
    location: Location,
    message: str,
    *,
    hint: str | None = None,
    table: str = "",
    row: str = "",
    column: str = "",
    value: str = "",
) -> Finding:
    """Return a finding, with the severity and the hint that the catalogue gives its rule.

    Parameters
    ----------
    rule : str
        The id of a rule in `ENTRIES`.
    location : Location
        Where it is broken.
    message : str
        What is wrong there.
    hint : str, optional
        What to do in this case, such as the nearest known word; by default the hint of the catalogue.
    table, row, column, value : str, optional
        The cell, if the finding is about one.
    """
    entry = ENTRIES[rule]
    hint = entry.hint if hint is None else hint
    return Finding(location, rule, message, hint, entry.severity, table, row, column, value)


def catalogue() -> list[Entry]:
    """Return every rule by group, with the tables of the semantic rules."""
    from russia_dprk_claims.checks.rules import RULES  # Polars is imported only where rules are listed or run

    tables: dict[str, list[str]] = {}
    for rule in RULES:
        tables.setdefault(rule.id, []).append(rule.table)
    return [
        replace(
            each,
            hint=each.hint.replace("{definition}", "see the definition of the value"),
            tables=tuple(dict.fromkeys(tables.get(each.id, ()))),
        )
        for each in ENTRIES.values()
    ]

"""Phrases: the parts of which claim texts, notes, labels and names are put together. All are made up.

They have what texts have and programs stumble over: commas, straight and curly quotes, apostrophes, letters of many
alphabets, dashes and semicolons.
"""

from __future__ import annotations

LEADS = (
    "Pyongyang",
    "Moscow",
    "The ministry in Seoul",
    "A former envoy, speaking in Tokyo,",
    "Kim’s office",
    "The Kremlin",
    "An official of the Туманган yard",
    "The port of Rajin",
    "A think tank in Köln",
    "The paper 로동신문",
    "Two officials, neither of them named,",
    "The “Friends of the East”",
    'A group that calls itself "Open Skies"',
    "Zürich’s monitors",
    "The governor of Приморье",
    "An expert from São Paulo",
)
DEEDS = (
    "is said to have sent",
    "says it has never received",
    "may go on buying",
    "wants to exchange",
    "plans to repair",
    "has promised",
    "is thought to hide",
    "has, by its own account, tested",
    "asked for",
    "would not name",
    "keeps counting",
    "turned back",
    "expects",
)
# Every pair of a thing and a kind is another object, which tells the claims of a source apart.
THINGS = (
    "crates of shells",
    "rail wagons",
    "rocket motors",
    "field kitchens",
    "sacks of flour",
    "tank barrels",
    "barrels of oil",
    "guidance sets",
    "work crews",
    "survey ships",
    "spare parts",
)
KINDS = (
    "of the older kind",
    "from the northern depots",
    "marked “agricultural”",
    'listed as "machinery"',
    "without papers",
    "of 152 mm and 122 mm",
    "made before 1991",
    "bound for the front",
    "paid for in grain",
    "under repair",
)
PLACES = (
    "",
    " at Vostochny",
    " near Khasan",
    " in the Donbas",
    " off Wŏnsan",
    " by way of Dandong, China",
    " through Владивосток",
    " along the Tumen",
    " at the pier of Rajin",
    " in the Sea of Japan (East Sea)",
    " from the depot at Tikhoretsk",
    " outside Łódź",
)
AFTERTHOUGHTS = (
    "",
    "",
    "",
    ", against earlier promises",
    ", and not for the first time",
    "; nobody has confirmed it",
    ", which Tokyo doubts",
    ", or so the paper has it",
    " – a first since the spring",
    ", while talks went on",
    ", if the pictures can be trusted",
    ", for “as long as it takes”",
    ", before the rains came",
)
HEDGES = (
    "may",
    "could",
    "is said to",
    "reportedly",
    "perhaps",
    "it seems",
    "“likely”",
    "by some accounts",
    "is thought to",
    "not clear",
    "might, possibly",
    "supposed",
)
REMARKS = (
    "The recipient is not named and follows from the context",
    "The passage leaves open who counted",
    "The figure stands in the heading, too",
    "The verb is read as a report, not as a promise",
    "It is not said when",
    'The word "allegedly" is taken to cover both halves',
    "“Arms” is read in the narrow sense",
    "The unit is printed without a space",
    "The sentence is broken off by a caption",
    "The voice is that of the paper, not of the minister",
    "The name is spelled in two ways",
    "The translation is ours; the text has «помощь»",
    "The month follows from the paragraph before",
    "Two readings are possible, and the plainer one is coded",
    "The text says the same once more, further down",
)
REASONS = (
    ".",
    "; see the next passage.",
    ", so the actor is inferred.",
    ", hence the modality.",
    ", as far as can be told.",
    ", though a second text, which is no source here, may have it otherwise.",
    " (compare the table of agreements).",
    "; whether the whole consignment is meant, or only what had arrived by then, cannot be told from the wording.",
)
MATTERS = (
    "shells handed over",
    "containers on the quay",
    "months of training",
    "rounds, all calibres",
    "years of talks",
    "trains seen",
    "people sent to work",
    "share of the yearly output",
    "price of the consignment",
    "states that agreed",
)
GOODS = (
    "artillery shells",
    "grain, at a fixed price",
    "satellite parts",
    "fuel and coal",
    "help in the case of attack",
    "workers for “reconstruction”",
    "advice on launch sites",
    "railway equipment",
)
LABELS = (
    "Report on a visit",
    "Commentary on trade",
    "Overview of what was sent, and by whom",
    "Newsletter on shipping",
    "Interview with an “eyewitness”",
    "Analysis of satellite pictures",
    "Statement on an exercise",
    "Background to a vote",
)
TITLES = ("Two ports", "What was in the crates?", "A bridge, again", "“We saw nothing”", "Грузы и слова")
AUTHORS = ("A. Author", "B. Söder", "C. D. Łukasz", "Е. Писатель", "F. Author, G. Author")
# In the order of their code points: the ids of actors and agreements sort as their numbers do.
SLUGS = (
    *("amber", "anchor", "arrow", "aspen", "basalt", "beacon", "birch", "bridge", "canal", "cedar", "cinder", "cliff"),
    *(
        "copper",
        "delta",
        "ember",
        "falcon",
        "ferry",
        "flint",
        "garnet",
        "granite",
        "harbour",
        "hazel",
        "heron",
        "inlet",
    ),
    *("iron", "jasper", "juniper", "kestrel", "lagoon", "lantern", "larch", "linden", "marble", "meadow", "mill"),
    *(
        "north",
        "oak",
        "onyx",
        "orchard",
        "otter",
        "pier",
        "pine",
        "quarry",
        "quartz",
        "raven",
        "reed",
        "ridge",
        "river",
    ),
    *("saffron", "sail", "slate", "spruce", "stone", "summit", "tide", "timber", "tower", "umber", "valley", "violet"),
    *("walnut", "willow", "yarrow", "zephyr"),
)
FAMILIES = (
    *("Kim", "Pak", "Ri", "Choe", "Иванов", "Petrov", "Smirnova", "Müller", "Sørensen", "O’Neill", "Tanaka", "김철"),
    *("Nguyễn", "García", "Čapek", "Yılmaz", "de Vries", "Łukasz", "Ōno", "Brown"),
)
BODIES = (
    *(
        "Ministry",
        "Bureau",
        "Institute",
        "Brigade",
        "Shipping, Ltd",
        "Agency",
        "Council",
        "Committee",
        "Works",
        "Press",
    ),
    *("Foundation", "Observers", "Union", "Office", "Company “Восток”", "Fleet", "Academy"),
)
# What tells the names of one actor apart.
BY_NAMES = (
    *(
        "",
        "the ",
        "old ",
        "new ",
        "Greater ",
        "the former ",
        "the so-called ",
        "Upper ",
        "Lower ",
        "the late ",
        "young ",
    ),
    *("our ", "the other ", "the real ", "Inner ", "Outer ", "the first ", "the second ", "the third ", "the last "),
)
ROLES = (
    "minister of railways",
    "spokesman, not named",
    "head of the yard",
    "analyst of the “Monitor”",
    "governor, retired",
    "deputy chief of staff",
)
AGREEMENTS = (
    "Accord on the bridge",
    "Contract for rolling stock",
    "Exchange of grain for shells",
    "Joint exercise in the strait",
    "Protocol on “fraternal” aid",
    "Letters on a launch site",
    "Understanding, unwritten, on workers",
    "Vote on the monitors",
)
ORIGINS = ("minister", "briefing", "pictures", "leak", "hearing", "interview", "dispatch", "report")

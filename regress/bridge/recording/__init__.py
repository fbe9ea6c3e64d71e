"""A recording of what a client of the bridge sends and gets back, byte for byte: see player.py; what is replaced: normal.py."""
CHAPTERS = ("accounts", "auth", "reference", "events", "body", "data", "media", "sealed", "oauth", "signed", "manual", "limits", "admin",
            "routes")

# What differs from the first recording (of commit d8a016e) on purpose: {pattern of names: why}. An entry that was recorded again
# and is not named here fails the test, and so does a pattern that names nothing of the kind.
DEVIATIONS = {
    "manual/*": "pages from templates: an apostrophe is escaped, the script's words are attributes, codes of resources in words; filters of numbers have their type",
    "routes/GET /readyz/*": "lane by lane what can be used and written; until when there is a calendar of holidays",
    "routes/GET /docs/*": "the same",
    "routes/GET /openapi.json/*": "the manual's words by the glossary",
    "routes//docs/*": "the same",
    "routes//openapi.json/*": "the same",
    "oauth/authorize/chinese*": "口令 for what people type, as the glossary has it",
    "data/resource/*": "parameters have the words of the glossary, and an example of an appCode that is one",
    "data/schema/*": "an element without content is one tag",
    "limits/data, *": "a successful page of a limited grant carries RateLimit and RateLimit-Policy, as docs/access.md says",
}

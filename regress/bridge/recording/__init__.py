"""A recording of what a client of the bridge sends and gets back, byte for byte: see player.py; what is replaced: normal.py."""
CHAPTERS = ("accounts", "auth", "reference", "events", "body", "data", "media", "sealed", "oauth", "signed", "manual", "limits", "admin",
            "routes")

# What differs from the first recording (of commit d8a016e) on purpose: {pattern of names: why}. An entry that was recorded again
# and is not named here fails the test, and so does a pattern that names nothing of the kind.
DEVIATIONS = {
    "accounts/*": "errors in Chinese; every case is read with a grant on cases; administrators are of another organisation than those they decide on; redirect addresses are parsed; the second factor of every account; numbers of accounts",
    "admin/*": "appointments and second factors of administrators take two persons; lock-outs are counted by account and address; numbers of accounts",
    "limits/registration/0": "numbers of accounts: the demo has operators",
    "limits/lock/*": "failures lock an account where they came from",
    "reference/*": "the words of the glossary, and new code tables and status codes",
    "body/*": "errors in Chinese; code tables and status codes are more; byte order marks are no error; what the scanner of JSON says; codings of bodies are named",
    "media/*": "sealed addresses carry the epochs of what made them, so they are longer",
    "sealed/*": "the same",
    "events/*": "errors in Chinese, fields that differ; the same, in the addresses of media; cases have the members of a process; who may read them; lists by filters",
    "signed/*": "the same",
    "oauth/*": "the consent page asks for a second factor, names no form-action and may be opened by another window; ports of loopback addresses; parameters once",
    "auth/*": "applications of the recording hold a grant on cases",
    "data/catalogue/*": "the resource cases, and what events is for",
    "routes/*": "new routes, code tables, status codes, metrics, and what readyz says",
    "manual/*": "pages from templates: an apostrophe is escaped, the script's words are attributes, codes of resources in words; filters of numbers have their type",
    "data/format/*": "an empty text of CSV is \"\", a place that is no number is none, GeoJSON names another system than degrees and has heights; Content-Crs",
    "data/csv/*": "an empty text is \"\"; cells that a spreadsheet would take for formulas, with bom=true",
    "data/query/*": "Content-Crs",
    "data/tag*": "tags of all rows: a row that was deleted, or that committed late, changes them",
    "data/broken/*": "what 50304 says",
    "data/wrong/*chinese*": "errors in Chinese",
    "data/wrong/GB18030": "the same",
    "data/wrong/*timeRange*": "days and RFC 3339 are times; what was probably meant",
    "data/wrong/*time=*": "the same",
    "data/wrong/*installedAt*": "the same",
    "limits/events, over, reference data": "more code tables",
    "data/resource/*": "parameters have the words of the glossary, and an example of an appCode that is one; bigint, download, headings, lang; fields tell isExact",
    "data/wrong/chinese*": "errors in Chinese",
    "data/wrong/GB18030": "the same",
    "data/schema/*": "an element without content is one tag",
    "limits/data, *": "a successful page of a limited grant carries RateLimit and RateLimit-Policy, as docs/access.md says",
}

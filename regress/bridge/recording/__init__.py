"""A recording of what a client of the bridge sends and gets back, byte for byte: see player.py; what is replaced: normal.py."""
CHAPTERS = ("accounts", "auth", "reference", "events", "body", "data", "media", "sealed", "oauth", "signed", "manual", "limits", "admin",
            "routes")

# Entries that were recorded again on purpose, by pattern, and why. The first recording is of commit d8a016e.
DEVIATIONS = {
}

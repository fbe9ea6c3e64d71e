"""A recording of what a client of the bridge sends and gets back, byte for byte; see player.py."""
CHAPTERS = ("accounts", "auth", "reference", "events", "body", "data", "media", "sealed", "oauth", "signed", "manual", "limits", "admin", "routes")

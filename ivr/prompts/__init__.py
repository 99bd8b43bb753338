"""The clips that callers hear: which the content needs, who speaks them, how they sound, which are live."""

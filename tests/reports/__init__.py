"""Sealed reports: recorded, sealed, kept, found again, opened by the right people alone."""

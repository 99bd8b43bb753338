"""Sealed reports: what a witness says is sealed while they speak, and only the people entrusted open it."""

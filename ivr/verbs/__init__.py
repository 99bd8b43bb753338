"""The verbs of the command line, a module a group: what a person may ask, and what they are told."""

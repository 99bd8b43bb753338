"""A telephone line: menus in YAML, speech made beforehand, sealed reports."""

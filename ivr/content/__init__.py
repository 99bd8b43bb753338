"""What the line says and how it is walked: read from YAML and PO, checked, and turned into words."""

"""A real call: the wire to Asterisk, the server that answers, and the simulator that stands in for both."""

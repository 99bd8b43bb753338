"""The exchange: the Asterisk that takes calls, and the watch over everything that `ivr run` starts."""

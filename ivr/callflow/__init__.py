"""A call told as a story: pure generators that say what to play, and hear which key was pressed."""

"""How words and values are made of script text, and how values are shown."""

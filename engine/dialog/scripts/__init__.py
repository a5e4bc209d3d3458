"""What a script and the dialog's own words say, and whether they are right."""

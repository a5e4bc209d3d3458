"""Which of the choices on the table is meant."""

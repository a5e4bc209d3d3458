"""The desk: customers who want a person, the people who answer them, and what they teach."""

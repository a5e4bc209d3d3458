"""Models of other people: found by name, downloaded, checked, unpacked."""

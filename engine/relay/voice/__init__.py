"""Voice messages as the platform hands them out, made from what a page or a provider uploads."""

"""The provider's HTTP: the endpoint of every official account, and pictures."""

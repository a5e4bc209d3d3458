"""The administrator's page: accounts, the log of messages, fault switches and limits."""

"""The Official Account developer-server protocol: signed XML in, a passive reply or a late one out.

A request goes through `gate` (signature, decryption), `wire` (fields to `Inbound`), `channel` (time
budget, repeats), `compose` (replies to messages), `passive` (XML) and `gate` again (encryption).
What cannot answer the request itself waits in the store's outbox and goes through `sender`,
`compose`, `delivery`, `customer` (JSON) and `api`, whose `tokens` all processes share. What the
platform refuses is judged by `codes` and `verdicts`; a notice may go as one of `templates` instead.
"""

"""The platform's side of the Official Account protocol, and a terminal page.

One message travels: `acts`, `attachments`, `voice` and `scanning` (what a page sends) → `platform`
(keeps it, gives it a MsgId) → `delivery` → `forward` (up to three signed requests, built by `push`)
→ `answer` (what came back, checked) → `journal` → `live` (told to every open page of the terminal,
by `chat`). Late replies, and all else that a provider asks the platform for, come in through `api`.
"""

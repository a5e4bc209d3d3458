"""The platform's side of the Official Account protocol, and a terminal page.

One message travels: `chat` (the page's requests) → `platform` (keeps it, gives it a MsgId) →
`delivery` → `forward` (up to three signed requests, built by `push`) → `answer` (what came back,
checked) → `journal` → `live` (shown on every open page of the
terminal). Late replies come in through `api`.
"""

"""Answers to the platform's last request, of which nobody knows whether they arrived.

An account that may not write cannot say them again by itself, and the platform does not tell that
it lost one. So each is kept beside what waits for the customer's next message. Who got it goes on
with something else, and it is let go of; who did not saw the platform's notice, and asks after it
or says the same once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from engine import late
from engine.message import Inbound, Reply
from engine.store import Store, outbox
from engine.store.held import HELD
from engine.store.outbox import Origin, Outgoing

#: Who asks later than this means something else; who says the same again later wants it again.
REMEMBERED, SAID_AGAIN = timedelta(hours=1), timedelta(minutes=2)

#: The fact of a row that has the customer's words.
_WORDS = "words"

#: A message that, as a whole and without its marks, asks what became of the one before it.
_ASKS = re.compile(
    r"(那|请问|刚才|刚刚|那个|的)*"
    r"((办|弄|充|交|查|搞|处理|订|选)?(好|完|成|成功|定)了?(吗|没有?|么|嘛|不)"
    r"|(结果|现在|到底)?(怎么样|怎样|咋样|如何)了?"
    r"|(看|看看|查|查看)?(一下)?结果(是什么)?"
    r"|还?在(吗|么|嘛|不在|不)|人呢|喂+"
    r"|怎么(没有?|不)(反应|回复|回答|回|动静|说话)(了|我)?"
    r"|还?没有?(收到|看到)(回复|结果|答复|回答)?"
    r"|(系统|服务|公众号|你们|怎么)*(又|是|是不是)?(出|有)?(故障|坏|崩|挂)(了|啦)?(吗|么)?"
    r"|(怎么|为什么)?(显示|提示|说)?(该公众号)?(暂时)?无法提供服务(请稍后再试)?(了|吗)?)"
    r"[呢啊呀]?"
)


async def keep(store: Store, inbound: Inbound, replies: Sequence[Reply]) -> None:
    """Keep the answer to a message, once for all its deliveries."""
    account, openid = inbound.account, inbound.openid
    facts = {_WORDS: inbound.text}
    origin = Origin(message=inbound.key, uncertain_since=inbound.at)
    async with store.writing() as connection:
        await outbox.withdraw(connection, account=account, openid=openid, message=inbound.key)
        await late.put(
            connection,
            replies,
            account=account,
            openid=openid,
            due=HELD,
            facts=facts,
            origin=origin,
        )


def owed(waiting: Iterable[Outgoing], inbound: Inbound) -> list[Outgoing]:
    """What of all that waits for a customer is to be told with the answer to this message."""
    others = (row for row in waiting if row.origin.message != inbound.key)
    return [row for row in others if not _has_arrived(row, inbound)]


def asks_after(words: str) -> bool:
    """Whether a message asks what became of the one before it; a mere 「？」 does."""
    bare = re.sub(r"[\W_]", "", words)
    return bool(_ASKS.fullmatch(bare)) if bare else "?" in words or "？" in words


def _has_arrived(row: Outgoing, inbound: Inbound) -> bool:
    """Whether a customer who says this has been told a row, as far as that shows."""
    since = row.origin.uncertain_since
    if since is None:
        return False
    passed = inbound.at - since
    is_again = passed <= SAID_AGAIN and inbound.text == row.facts.get(_WORDS) != ""
    return not (is_again or (passed <= REMEMBERED and asks_after(inbound.text)))

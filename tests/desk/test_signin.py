"""Who gets to the desk, and who does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from engine.desk.errors import BadAccount, Locked, NotSignedIn
from engine.desk.signin import STAYS, SignIn, create
from engine.store import Store, clerks
from engine.store.clerks import LOCKED, TRIES


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def signing(store: Store, clock: Clock) -> SignIn:
    await create(store, name="小李", password="correct horse")
    return SignIn(store, clock=clock)


async def test_a_clerk_is_known_by_the_cookie_until_the_day_is_over(
    signing: SignIn, clock: Clock
) -> None:
    cookie = await signing.enter("小李", "correct horse")
    assert await signing.clerk(cookie) == "小李"
    clock.now += STAYS
    with pytest.raises(NotSignedIn):
        await signing.clerk(cookie)


@pytest.mark.parametrize(("name", "password"), [("小李", "wrong"), ("nobody", "correct horse")])
async def test_a_wrong_name_and_a_wrong_password_look_alike(
    signing: SignIn, name: str, password: str
) -> None:
    with pytest.raises(NotSignedIn, match="名字或密码不对"):
        await signing.enter(name, password)


async def test_too_many_wrong_passwords_lock_the_account_for_a_while(
    signing: SignIn, clock: Clock
) -> None:
    for _ in range(TRIES):
        with pytest.raises(NotSignedIn):
            await signing.enter("小李", "wrong")
    with pytest.raises(Locked, match="15 分钟"):
        await signing.enter("小李", "correct horse")
    clock.now += LOCKED
    assert await signing.enter("小李", "correct horse")


async def test_a_right_password_begins_the_count_anew(signing: SignIn) -> None:
    for _ in range(3):
        for _ in range(TRIES - 1):
            with pytest.raises(NotSignedIn):
                await signing.enter("小李", "wrong")
        await signing.enter("小李", "correct horse")


async def test_a_new_password_and_a_removed_account_end_the_session(
    signing: SignIn, store: Store
) -> None:
    cookie = await signing.enter("小李", "correct horse")
    await create(store, name="小李", password="another horse")
    with pytest.raises(NotSignedIn):
        await signing.clerk(cookie)
    cookie = await signing.enter("小李", "another horse")
    async with store.writing() as connection:
        assert await clerks.remove(connection, "小李")
    with pytest.raises(NotSignedIn):
        await signing.clerk(cookie)


@pytest.mark.parametrize("cookie", ["", "x", "..", "a.b.c", "5bCP5p2O.9999999999.00", "é.1.1"])
async def test_a_cookie_that_we_did_not_sign_is_nobody(signing: SignIn, cookie: str) -> None:
    with pytest.raises(NotSignedIn):
        await signing.clerk(cookie)


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a b", "long enough"), ("a", "short")]
)
async def test_accounts_need_a_name_and_a_password(store: Store, name: str, password: str) -> None:
    with pytest.raises(BadAccount):
        await create(store, name=name, password=password)

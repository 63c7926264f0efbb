"""What a pair told each other is for the two and the rep's manager; what is counted of one person is for their line."""

from __future__ import annotations

from cadence.core.model import Verb
from cadence.services.calendars import calendar_of
from cadence.services.installation import look
from cadence.services.report import audiences, digest_of, page_of
from tests.support.world import World

SECRET = "she interrupts her customers"


def test_coaching_words_are_in_no_brief_digest_feed_or_mail_of_anybody_else(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 6
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        bob: {name: Bob Boss, email: bob@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test, reports_to: sam}
        sam: {name: Sam Spons, email: sam@x.test}
        kim: {name: Kim Keep, email: kim@x.test}
        rae: {name: Rae Rep, email: rae@x.test, manager: ana}
        ron: {name: Ron Rep, email: ron@x.test, manager: bob}
    roles: {vp: vic, sponsor: sam, enablement: kim}
    activities:
      rides: {kind: field_ride, owner: manager, with: each rep, every: week, on: wed}
    """
    world.load().forward(to="2027-03-03 10:00")
    ride = world.task("rides", about="rae")
    world.answer(ride, Verb.DONE, by="ana", form={"next": SECRET}, happened_on=ride.date)
    world.forward(to="2027-03-24 18:00")
    told = {post.email for post in world.slack.posts if SECRET in post.text}
    assert told == {"ana@x.test"}, "it stands on top of the next ride of the pair"
    assert not [mail.to for mail in world.smtp.mails if SECRET in str(mail.message.get_body(("plain",)))]
    with world.store.read() as work:
        situation = look(work, world.clock.now)
        for key in audiences(situation):
            page = page_of(world.context, digest_of(situation, key, "2027-W10"), situation, "key", world.clock.now)
            assert SECRET not in page.text + page.html
        feeds = [("person", key) for key in situation.persons] + [("plan", "p"), ("team", "ana"), ("role", "vp")]
        for kind, subject in feeds:
            calendar = calendar_of(world.context, work, kind, subject, world.clock.now)
            assert SECRET not in calendar.decode().replace("\r\n ", "")
    world.ignore("ana", "bob", "vic", "sam", "kim", "rae", "ron").ignore_mail()

"""Calendars: tasks in, iCalendar bytes out. Pure; who may fetch a feed, and where, is the shell's business.

`items` says what a person, a team, a role or a plan sees of the tasks; `calendar` writes it down. The same tasks
give the same bytes, so that an ETag holds for as long as nothing changes.
"""

from cadence.feeds.ical import Feed, FeedItem, calendar, etag, feed
from cadence.feeds.items import Audience, items

__all__ = ["Audience", "Feed", "FeedItem", "calendar", "etag", "feed", "items"]

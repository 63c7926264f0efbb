"""Settings: one table, read from the environment and `cadence.toml`, that also documents them.

The environment comes first. `CADENCE_MAIL__PORT` in the environment is `port` under `[mail]` in the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from cadence.errors import WrongUsage

PREFIX = "CADENCE_"
FOR_TESTS = ("CADENCE_TEST_", "CADENCE_REQUIRE_", "CADENCE_UPDATE_")


class SlackSettings(BaseModel, extra="forbid"):
    bot_token: SecretStr | None = Field(None, description="bot token (xoxb-...) of the Slack app")
    app_token: SecretStr | None = Field(None, description="app-level token (xapp-...) for Socket Mode")
    signing_secret: SecretStr | None = Field(None, description="signs what Slack sends to /slack/events")
    api_url: str = Field("https://slack.com/api/", description="where Slack's Web API is")
    at_once: int = Field(50, ge=1, le=100, description="how many messages may be on their way to Slack at once")


class MailSettings(BaseModel, extra="forbid"):
    host: str | None = Field(None, description="SMTP server; without it no mail is sent")
    port: int = Field(587, ge=1, le=65535, description="SMTP port")
    username: str | None = Field(None, description="SMTP user; without it no login is tried")
    password: SecretStr | None = Field(None, description="SMTP password")
    tls: Literal["starttls", "tls", "none"] = Field("starttls", description="how the connection is protected")
    sender: str = Field("cadence@localhost", description="From address")
    reply_to: str | None = Field(None, description="Reply-To address, usually the keepers'")
    at_once: int = Field(1, ge=1, le=20, description="mails on their way at once; a crash may repeat so many")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", toml_file="cadence.toml", extra="forbid", env_ignore_empty=True
    )

    database_url: str = Field("sqlite:///cadence.db", description="where the state is kept")
    slack: SlackSettings = SlackSettings()
    mail: MailSettings = MailSettings()
    base_url: str | None = Field(None, description="public address of the pages and feeds; without it no links")
    secret_key: SecretStr | None = Field(None, description="signs links; several, comma-separated, for rotation")
    templates: Path | None = Field(None, description="your own templates; they come before the shipped ones")
    redirect: str | None = Field(None, description="key of the one person who gets every message, for a trial")
    heartbeat_url: str | None = Field(None, description="fetched after each good beat, for an outside watchdog")
    most_tasks: int = Field(20_000, ge=1, description="how many tasks one plan may make; more is taken for a slip")
    now: str | None = Field(None, description="the clock of this process, as an instant with its zone")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings() -> Settings:
    """The settings of this process. Raises WrongUsage naming the setting that is wrong, never its value."""
    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        name = "__".join(str(part) for part in first["loc"]).upper()
        raise WrongUsage(f"setting {PREFIX}{name}: {first['msg']}") from None


def names() -> tuple[str, ...]:
    """Every environment name there is."""
    flat: list[str] = []
    for name, info in Settings.model_fields.items():
        annotation = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            flat += [f"{PREFIX}{name}__{inner}".upper() for inner in annotation.model_fields]
        else:
            flat.append(f"{PREFIX}{name}".upper())
    return tuple(flat)


def misspelt(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """A warning per environment name that begins like a setting and is none."""
    known = names()
    strange = [n for n in (environment or os.environ) if n.startswith(PREFIX) and n.upper() not in known]
    return tuple(_strange(name, known) for name in sorted(strange) if not name.startswith(FOR_TESTS))


def _strange(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known)
    return f"{name} is not a setting" + (f"; did you mean {close[0]}?" if close else "")

"""Settings: read once from the environment and `instance/motcua.env`, frozen, passed in."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_KEY = 32


class SettingsFault(Exception):
    """A setting that forbids a start; the sentence says which and what to do."""


class Settings(BaseSettings):
    """Every setting of the system; each is `MOTCUA_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", frozen=True, extra="ignore")

    instance_dir: Path = ROOT / "instance"
    database_url: str = ""
    store_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    office: str = "nga-son-2018"
    agency_code: str = ""
    demo: bool = False
    demo_now: datetime | None = None
    metrics_token: str = ""
    procedures_dir: Path = ROOT / "procedures"
    session_idle_minutes: int = Field(default=30, ge=5)
    session_hours: int = Field(default=12, ge=1)

    @field_validator("base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("MOTCUA_BASE_URL phải bắt đầu bằng http:// hoặc https://")
        return value.rstrip("/")

    @field_validator("store_url")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if value and not value.startswith(("file:///", "s3://")):
            raise ValueError("MOTCUA_STORE_URL phải bắt đầu bằng file:/// hoặc s3://")
        return value

    @model_validator(mode="after")
    def _demo_clock(self) -> Settings:
        if self.demo_now is not None and not self.demo:
            raise ValueError("MOTCUA_DEMO_NOW chỉ dùng được khi MOTCUA_DEMO=1")
        if self.demo_now is not None and self.demo_now.tzinfo is None:
            raise ValueError("MOTCUA_DEMO_NOW phải có múi giờ, ví dụ 2026-11-25T09:00:00+07:00")
        return self

    @property
    def database(self) -> str:
        """The database's address; SQLite in the instance folder unless another is set."""
        url = self.database_url or f"sqlite:///{self.instance_dir / 'motcua.sqlite3'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        """Cookies are for HTTPS only exactly when people come by HTTPS."""
        return self.base_url.startswith("https://")

    def key(self) -> str:
        """The secret key: the one set, else one made once and kept in the instance folder.

        Raises SettingsFault where the one set is too short to protect a session.
        """
        if self.secret_key:
            if len(self.secret_key) < SHORTEST_KEY:
                raise SettingsFault(f"MOTCUA_SECRET_KEY phải dài ít nhất {SHORTEST_KEY} ký tự.")
            return self.secret_key
        path = self.instance_dir / "secret.key"
        self.instance_dir.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", encoding="ascii", opener=_private) as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # made before, by an earlier start or another process
        key = path.read_text("ascii").strip()
        if len(key) < SHORTEST_KEY:
            raise SettingsFault(f"Khóa trong {path.name} quá ngắn: xóa tệp đó để tạo khóa mới.")
        return key


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, then `instance/motcua.env`; overrides win (tests)."""
    first = Settings(**overrides)  # type: ignore[arg-type]
    env_file = first.instance_dir / "motcua.env"
    if not env_file.is_file():
        return first
    return Settings(_env_file=env_file, **overrides)  # type: ignore[call-arg, arg-type]

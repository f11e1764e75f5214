"""Every text that is looked for in one narrow table with an index of its trigrams; submitters too.

Triggers keep both in the transaction of the act itself, so that what is found is right after every
act, whoever writes. Short words are told from the middle of longer ones by the two blanks before.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OLD_INDEX = ["id", "name_folded", "personal_id", "phone", "code", "temporary_id", "result_number"]
NAMES = ("name_folded", "submitter_folded")
NUMBERS = ("code", "personal_id", "phone", "result_number", "submitter_card", "submitter_phone")
SEARCHED = (*NAMES, "temporary_id", *NUMBERS)
PORTION = 5_000

TRIGRAMS = """
CREATE VIRTUAL TABLE dossier_trigram USING fts5(
  words, tokenize='trigram case_sensitive 1', content='', detail=none, columnsize=0)
"""
FUNCTION = """
CREATE FUNCTION keep_dossier_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM dossier_search WHERE dossier_id = OLD.id;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO dossier_search (dossier_id, words) VALUES (NEW.id, {words});
  ELSE
    UPDATE dossier_search SET words = {words} WHERE dossier_id = NEW.id AND words <> {words};
  END IF;
  RETURN NULL;
END $$
"""


def words(row: str) -> str:
    """The SQL of a row's searched text: names, codes and numbers, two blanks before each word.

    `TAM-` of temporary ids is left out: it would be found by everybody named Tâm. What is stored
    in upper case is lowered; the symbols of results hold no letter with a mark but Đ.
    """
    parts = [f"replace(coalesce({row}.{column}, ''), ' ', '  ')" for column in NAMES]
    parts.append(f"lower(replace(coalesce({row}.temporary_id, ''), 'TAM-', ''))")
    parts += [
        f"replace(replace(lower(coalesce({row}.{column}, '')), 'Đ', 'd'), 'đ', 'd')"
        for column in NUMBERS
    ]
    return "'  ' || " + " || '  ' || ".join(parts)


def upgrade() -> None:
    op.add_column("dossier", sa.Column("submitter_folded", sa.String(length=200), nullable=True))
    op.add_column("dossier", sa.Column("submitter_card", sa.String(length=20), nullable=True))
    op.add_column("dossier", sa.Column("submitter_phone", sa.String(length=20), nullable=True))
    op.drop_index("ix_dossier_search", "dossier")
    op.drop_index("ix_dossier_name_folded", "dossier")
    op.create_table(
        "dossier_search",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True
        ),
        sa.Column("dossier_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dossier_search")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_dossier_search_dossier_id")),
    )
    _name_submitters(op.get_bind())
    op.execute(
        f"INSERT INTO dossier_search (dossier_id, words) SELECT id, {words('dossier')} "  # noqa: S608
        "FROM dossier ORDER BY id"
    )
    op.create_index(
        "ix_dossier_submitter_card", "dossier", ["submitter_card"],
        sqlite_where=sa.text("submitter_card IS NOT NULL"),
        postgresql_where=sa.text("submitter_card IS NOT NULL"),
    )  # fmt: skip
    op.create_index("ix_dossier_one_stop_id", "dossier", ["one_stop", "id"])
    op.create_index("ix_dossier_accepted_at_id", "dossier", ["accepted_at", "id"])
    op.create_index(
        "ix_dossier_in_transfer", "dossier", ["transfer_due_at", "id"],
        sqlite_where=sa.text("status = 'in_transfer'"),
        postgresql_where=sa.text("status = 'in_transfer'"),
    )  # fmt: skip
    _keep_postgresql() if op.get_bind().dialect.name == "postgresql" else _keep_sqlite()


def _keep_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    # New texts wait in a list that is short enough to be read through by every search.
    op.create_index(
        "ix_dossier_search_words", "dossier_search", ["words"], postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"}, postgresql_with={"gin_pending_list_limit": "256"},
    )  # fmt: skip
    op.execute(FUNCTION.format(words=words("NEW")))
    op.execute(
        "CREATE TRIGGER dossier_search_kept AFTER INSERT OR DELETE OR UPDATE OF "
        f"{', '.join(SEARCHED)} ON dossier FOR EACH ROW EXECUTE FUNCTION keep_dossier_search()"
    )


def _keep_sqlite() -> None:
    op.execute(TRIGRAMS)
    op.execute(
        "INSERT INTO dossier_trigram (rowid, words) SELECT number, words FROM dossier_search"
    )
    new = words("NEW")
    begin = "INSERT INTO dossier_trigram (rowid, words) VALUES (NEW.number, NEW.words);"
    drop = (
        "INSERT INTO dossier_trigram (dossier_trigram, rowid, words) "
        "VALUES ('delete', OLD.number, OLD.words);"
    )
    for name, when, acts in (
        ("dossier_search_begun", "INSERT ON dossier",
         f"INSERT INTO dossier_search (dossier_id, words) VALUES (NEW.id, {new});"),  # noqa: S608
        ("dossier_search_changed", f"UPDATE OF {', '.join(SEARCHED)} ON dossier",
         f"UPDATE dossier_search SET words = {new} WHERE dossier_id = NEW.id AND words <> {new};"),  # noqa: S608
        ("dossier_search_ended", "DELETE ON dossier",
         "DELETE FROM dossier_search WHERE dossier_id = OLD.id;"),
        ("dossier_trigram_begun", "INSERT ON dossier_search",
         begin),
        ("dossier_trigram_changed", "UPDATE OF words ON dossier_search", drop + begin),
        ("dossier_trigram_ended", "DELETE ON dossier_search", drop),
    ):  # fmt: skip
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {acts} END")


def _name_submitters(connection: Any) -> None:
    """Write beside each submitter's JSON what is looked for in it."""
    dossier = sa.table(
        "dossier", *(sa.column(c) for c in ("id", "submitter", "submitter_folded",
                                            "submitter_card", "submitter_phone")),
    )  # fmt: skip
    change = sa.update(dossier).where(dossier.c.id == sa.bindparam("key")).values(
        submitter_folded=sa.bindparam("folded"), submitter_card=sa.bindparam("card"),
        submitter_phone=sa.bindparam("phone"),
    )  # fmt: skip
    for portion in _submitters(connection, dossier):
        connection.execute(change, portion)


def _submitters(connection: Any, dossier: Any) -> Iterator[list[dict[str, Any]]]:
    last = ""
    while True:
        query = sa.select(dossier.c.id, dossier.c.submitter).where(
            dossier.c.submitter.is_not(None), dossier.c.id > last
        )
        rows = connection.execute(query.order_by(dossier.c.id).limit(PORTION)).all()
        if not rows:
            return
        last = rows[-1].id
        yield [_told(row.id, json.loads(row.submitter)) for row in rows]


def _told(key: str, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key, "folded": _folded(person.get("name") or ""),
        "card": person.get("personal_id"), "phone": person.get("phone"),
    }  # fmt: skip


def _folded(name: str) -> str:
    """As names were folded when this step was written: no marks, lower case, single blanks."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER dossier_search_kept ON dossier")
        op.execute("DROP FUNCTION keep_dossier_search()")
    else:
        for name in ("begun", "changed", "ended"):
            op.execute(f"DROP TRIGGER dossier_search_{name}")
        op.execute("DROP TABLE dossier_trigram")
    op.drop_table("dossier_search")
    op.drop_index("ix_dossier_in_transfer", "dossier")
    op.drop_index("ix_dossier_accepted_at_id", "dossier")
    op.drop_index("ix_dossier_one_stop_id", "dossier")
    op.drop_index("ix_dossier_submitter_card", "dossier")
    op.create_index("ix_dossier_search", "dossier", OLD_INDEX)
    op.create_index("ix_dossier_name_folded", "dossier", ["name_folded"])
    for column in ("submitter_phone", "submitter_card", "submitter_folded"):
        op.drop_column("dossier", column)

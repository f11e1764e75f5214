"""the number of the old identity card (CMND), searched too; task items of unknown codes"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OLD = "applicant_old_id"
INDEX = "ix_dossier_applicant_old_id"
NAMES = ("name_folded", "submitter_folded")
NUMBERS = ("code", "personal_id", "phone", "result_number", "submitter_card", "submitter_phone")
SEARCHED = (*NAMES, "temporary_id", *NUMBERS)
# As in step 0010, whose way is kept for going back.
FUNCTION = """
CREATE OR REPLACE FUNCTION keep_dossier_search() RETURNS trigger LANGUAGE plpgsql AS $$
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


def words(row: str, *, old: bool) -> str:
    """The SQL of a row's searched text; the old number at its end, and only where there is one.

    So what was written before this step stays letter by letter what the triggers would write now.
    """
    parts = [f"replace(coalesce({row}.{column}, ''), ' ', '  ')" for column in NAMES]
    parts.append(f"lower(replace(coalesce({row}.temporary_id, ''), 'TAM-', ''))")
    parts += [
        f"replace(replace(lower(coalesce({row}.{column}, '')), 'Đ', 'd'), 'đ', 'd')"
        for column in NUMBERS
    ]
    text = "'  ' || " + " || '  ' || ".join(parts)
    return (
        f"{text} || CASE {row}.{OLD} WHEN '' THEN '' ELSE '  ' || {row}.{OLD} END" if old else text
    )


def upgrade() -> None:
    op.add_column(
        "dossier", sa.Column(OLD, sa.String(length=12), server_default="", nullable=False)
    )  # fmt: skip
    known = sa.text(f"{OLD} <> ''")
    op.create_index(INDEX, "dossier", [OLD], sqlite_where=known, postgresql_where=known)
    _drop_triggers()
    _make_triggers(old=True)
    with op.batch_alter_table("task_item", schema=None) as batch_op:
        batch_op.alter_column("dossier_id", existing_type=sa.String(length=36), nullable=True)
    if op.get_bind().dialect.name == "sqlite":  # see step 0012
        op.execute(f"INSERT INTO sqlite_stat1 VALUES ('dossier', '{INDEX}', '20000 1')")  # noqa: S608


def downgrade() -> None:
    op.execute("DELETE FROM task_item WHERE dossier_id IS NULL")
    with op.batch_alter_table("task_item", schema=None) as batch_op:
        batch_op.alter_column("dossier_id", existing_type=sa.String(length=36), nullable=False)
    _drop_triggers()
    op.drop_index(INDEX, "dossier")
    # The triggers of before are made first, so that they take the old numbers out of what is found.
    _make_triggers(old=False)
    op.execute(f"UPDATE dossier SET personal_id = personal_id WHERE {OLD} <> ''")  # noqa: S608
    op.drop_column("dossier", OLD)


def _drop_triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER dossier_search_kept ON dossier")
        return
    for name in ("begun", "changed"):
        op.execute(f"DROP TRIGGER dossier_search_{name}")


def _make_triggers(*, old: bool) -> None:
    new, columns = words("NEW", old=old), ", ".join((*SEARCHED, OLD) if old else SEARCHED)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION.format(words=new))
        op.execute(
            f"CREATE TRIGGER dossier_search_kept AFTER INSERT OR DELETE OR UPDATE OF {columns} "
            "ON dossier FOR EACH ROW EXECUTE FUNCTION keep_dossier_search()"
        )
        return
    for name, when, act in (
        ("begun", "INSERT",
         f"INSERT INTO dossier_search (dossier_id, words) VALUES (NEW.id, {new});"),  # noqa: S608
        ("changed", f"UPDATE OF {columns}",
         f"UPDATE dossier_search SET words = {new} WHERE dossier_id = NEW.id AND words <> {new};"),  # noqa: S608
    ):  # fmt: skip
        op.execute(f"CREATE TRIGGER dossier_search_{name} AFTER {when} ON dossier BEGIN {act} END")

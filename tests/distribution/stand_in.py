"""Citus' functions as far as `manage.py distribute` calls them, for a plain PostgreSQL.

They move nothing. They note what they are called for where Citus notes it, and refuse what Citus was seen to
refuse: a table that is tied to another one by a key which does not name the store.
"""

from __future__ import annotations

import io

from django.core.management import call_command
from django.db import connection

FUNCTIONS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, kind text);
CREATE VIEW citus_tables AS SELECT logicalrelid AS table_name, kind AS citus_table_type FROM pg_dist_partition;

CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pg_dist_partition VALUES (name, 'reference')
$$;
CREATE FUNCTION create_distributed_table(name regclass, store text, colocate_with text DEFAULT 'default')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND name IN (conrelid, confrelid)) THEN
        RAISE 'cannot complete operation on a table with identity column: %', name;
    END IF;
    IF EXISTS (SELECT FROM pg_index WHERE indrelid = name AND indisunique AND NOT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = name AND attnum = ANY (indkey) AND attname = store)) THEN
        RAISE 'cannot create constraint on "%": a unique key has to name the store', name;
    END IF;
    INSERT INTO pg_dist_partition VALUES (name, 'distributed');
END
$$;
CREATE FUNCTION citus_add_local_table_to_metadata(name regclass, cascade_via_foreign_keys boolean)
RETURNS void LANGUAGE sql AS $$ INSERT INTO pg_dist_partition VALUES (name, 'local') $$;
CREATE FUNCTION truncate_local_data_after_distributing_table(name regclass)
RETURNS void LANGUAGE sql AS $$ $$;
"""


def install() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)


def printed() -> list[str]:
    """The lines of the script for the database as it is."""
    script = io.StringIO()
    call_command("distribute", stdout=script)
    return script.getvalue().splitlines()


def distribute() -> list[str]:
    """Run the script, all of which has to hold; its lines."""
    lines = printed()
    assert lines[0] in ("\\set ON_ERROR_STOP on", "-- Nothing is missing.")
    with connection.cursor() as cursor:
        for line in lines:
            if not line.startswith(("\\", "--", "BEGIN", "COMMIT")):
                cursor.execute(line)
    return lines

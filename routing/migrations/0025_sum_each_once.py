"""A day had two rows of sums, one of cases and one of turns: now one, and its month beside it. Nothing is counted anew,
so pages go on telling what they told. Going back leaves the sums as they are: they mean the same."""

from django.db import migrations

_KEY = "node_id, cube, day, secret, kind, channel, category_id"
_ONCE = f"""
    WITH gone AS (DELETE FROM routing_tally RETURNING *),
    summed AS (
        SELECT {_KEY}, u.n, sum(u.count)::int AS count
        FROM gone CROSS JOIN LATERAL unnest(gone.counts) WITH ORDINALITY u(count, n)
        GROUP BY node_id, cube, day, secret, kind, channel, category_id, u.n)
    INSERT INTO routing_tally ({_KEY}, counts)
    SELECT {_KEY}, array_agg(count ORDER BY n) FROM summed GROUP BY {_KEY}"""  # noqa: S608 (constants)
_MONTHS = f"""
    INSERT INTO routing_monthtally ({_KEY}, counts)
    SELECT node_id, cube, month, secret, kind, channel, category_id, array_agg(count ORDER BY n) FROM (
        SELECT node_id, cube, date_trunc('month', day)::date AS month, secret, kind, channel, category_id, u.n,
            sum(u.count)::int AS count
        FROM routing_tally t CROSS JOIN LATERAL unnest(t.counts) WITH ORDINALITY u(count, n)
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) s
    GROUP BY 1, 2, 3, 4, 5, 6, 7"""  # noqa: S608 (constants)
_SPREAD = """
    INSERT INTO routing_monthspread (cube, day, secret, kind, channel, what, days, count)
    SELECT cube, date_trunc('month', day)::date, secret, kind, channel, what, days, sum(count)
    FROM routing_spread GROUP BY 1, 2, 3, 4, 5, 6, 7"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0024_months_beside_days")]

    operations = [
        migrations.RunSQL(
            [_ONCE, _MONTHS, _SPREAD],
            ["DELETE FROM routing_monthtally", "DELETE FROM routing_monthspread"],
        )
    ]

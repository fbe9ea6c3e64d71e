"""What a platform has beside the demo when a recording begins: always the same rows."""
import json
import os

from platform_rig import shell

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
HTML = "<html><script>alert(document.domain)</script>汉</html>".encode()
ODD = [("A,1", "逗号, \"引号\"", None), ("A2", "两行\n换行", None), ("A3", "湖㳇镇莫𡐓村", "A2"), ("A4", "=1+1", None)]


def prepare(platform):
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data.sql")
    shell(f". '{platform.folder}/env'; psql -X -q -v rows=300 -v seed=1 -f '{data}'")
    platform.sql("SELECT citybigdata.load_code_table('odd-names', %s::jsonb, version => '2024-01', title_zh => '怪名')",
                 json.dumps([{"code": c, "name": n, **({"parent": p} if p else {})} for c, n, p in ODD]))
    platform.sql("""
        CREATE TABLE demo.bench (bench_id int PRIMARY KEY, name text, note text, changed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+08');
        INSERT INTO demo.bench SELECT i, '长椅' || i, CASE i WHEN 2 THEN 'a,"b"' WHEN 3 THEN E'two\nlines' WHEN 5 THEN '<&>' END
        FROM generate_series(1, 20) i;
        CREATE TABLE demo.kind (kind_id int PRIMARY KEY, big_one bigint, real_one double precision, exact_one numeric, truth boolean, day_one date,
            at_one timestamptz, words text, texts text[], doc jsonb, place public.geometry(Point, 4490), area public.geometry(Polygon, 4490));
        INSERT INTO demo.kind VALUES (1, 9007199254740993, 1e-7, 12345678901234567890.123, true, '2024-01-02', '2024-01-02 03:04:05+08', '<&>',
            '{a,b}', '{"x y": [1, null, {"z": "<"}]}', public.ST_SetSRID(public.ST_MakePoint(116.4, 39.9), 4490),
            public.ST_GeomFromText('POLYGON((116 39,117 39,117 40,116 39))', 4490)),
            (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            (3, -1, -1.5e300, 0.5, false, '1999-12-31', '1969-12-31 00:00:00+00', '', '{}', '[]', NULL, NULL);
        CREATE TABLE demo.monument (monument_id int PRIMARY KEY, name text, photo bytea, plan bytea, plan_type text, site text);
        CREATE TABLE demo.reading (reading_id int PRIMARY KEY, sensor text, value numeric(8,2));
        INSERT INTO demo.reading SELECT i, '传感器' || i % 100, i % 1000 / 10.0 FROM generate_series(1, 2500) i;
        CREATE FUNCTION demo.nap(reading_id int, seconds float8) RETURNS text LANGUAGE plpgsql STABLE
            AS 'BEGIN PERFORM pg_catalog.pg_sleep(seconds); RETURN ''''; END';
        CREATE VIEW demo.stuck_reading AS SELECT reading_id, CASE WHEN reading_id = 1500 THEN demo.nap(reading_id, 30) END AS nap FROM demo.reading;
        CREATE FUNCTION demo.naps(seconds double precision) RETURNS TABLE (nap_id int, nap text) LANGUAGE sql
            AS $$ SELECT 1, pg_catalog.pg_sleep(seconds)::text $$;
        ALTER TABLE demo.bench OWNER TO demo_analyst; ALTER TABLE demo.kind OWNER TO demo_analyst; ALTER TABLE demo.monument OWNER TO demo_analyst;
        ALTER TABLE demo.reading OWNER TO demo_analyst; ALTER FUNCTION demo.nap OWNER TO demo_analyst;
        ALTER VIEW demo.stuck_reading OWNER TO demo_analyst; ALTER FUNCTION demo.naps OWNER TO demo_analyst""")
    platform.sql("INSERT INTO demo.monument VALUES (1, '钟楼', %s, %s, 'text/html', 'https://example.org/1'), (2, '鼓楼', NULL, NULL, NULL, NULL)",
                 PNG, HTML)
    for relation, options in (
            ("demo.bench", {"code": "benches", "versionColumn": "changed_at"}),
            ("demo.kind", {"code": "kinds"}),
            ("demo.monument", {"code": "monuments", "fields": {"photo": {"file": {"type": "image/jpeg"}},
                                                               "plan": {"level": 3, "file": {"typeColumn": "plan_type", "nameColumn": "name"}}}}),
            ("demo.reading", {"code": "readings"}),
            ("demo.stuck_reading", {"code": "stuck-readings", "keyset": ["reading_id"], "latencyBudget": 1500}),
            ("demo.naps(double precision)", {"code": "naps", "keyset": ["nap_id"], "latencyBudget": 1500, "titleZh": "小睡"}),
            ("demo.division", {"code": "secret-divisions", "level": 3})):
        platform.sql("SELECT citybigdata.publish(%s, %s::jsonb)", relation, json.dumps(options))

-- Milliseconds of a page of 100 cases, `name value` lines: each list asked for :rounds times, the least of them.
CREATE TEMP TABLE lists (name text, given jsonb);
INSERT INTO lists VALUES ('newest', '{}'), ('state', '{"state": "4"}'), ('light', '{"light": "red"}'), ('light yellow', '{"light": "yellow"}'), ('light green', '{"light": "green"}'), ('light paused', '{"light": "paused"}'), ('type', '{"type": "60031"}'), ('unit', '{"unit": "bench-unit-7"}'), ('district', '{"divisionCode": "110105"}'),
    ('street', '{"divisionCode": "110105003"}'), ('box', '{"bbox": "116.40,39.90,116.41,39.91"}'), ('month', '{"timeRange": "[20210301000000,20210401000000)"}'), ('common word', '{"q": "井盖"}'),
    ('rare word', '{"q": "麒麟雕像"}'), ('word of a type', '{"q": "喷泉", "type": "60031"}'), ('sender', '{"senderCode": "bench-7"}'),
    ('feed', '{"senderCode": "bench-7", "since": "20200101000000"}');
DO $$
DECLARE
    list record;
    best float8;
    began timestamptz;
    reply bytea;
BEGIN
    CREATE TEMP TABLE took (name text, ms float8);
    FOR list IN SELECT * FROM lists LOOP
        best := 'infinity';
        FOR i IN 1..current_setting('bench.rounds')::int LOOP
            began := clock_timestamp();
            reply := citybigdata.rest_event_find('bench', '127.0.0.1', NULL, 'bearer', current_setting('bench.digest')::bytea, NULL, list.given ->> 'senderCode', list.given ->> 'since', NULL, NULL, list.given ->> 'bbox',
                list.given ->> 'divisionCode', list.given ->> 'timeRange', list.given ->> 'state', list.given ->> 'light', list.given ->> 'type', list.given ->> 'unit', list.given ->> 'q');
            best := least(best, extract(epoch FROM clock_timestamp() - began) * 1000);
        END LOOP;
        IF (citybigdata.read_reply_frame(reply)).status <> 0 THEN
            RAISE EXCEPTION '%: %', list.name, convert_from((citybigdata.read_reply_frame(reply)).body, 'UTF8');
        END IF;
        INSERT INTO took VALUES (list.name, best);
    END LOOP;
END
$$;
SELECT replace(name, ' ', '-') || ' ' || round(ms::numeric, 2) FROM took;

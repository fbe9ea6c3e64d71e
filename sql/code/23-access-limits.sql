-- Rate limits and quotas of grants.
CREATE OR REPLACE FUNCTION citybigdata.set_limit(app_code text, resource text, per_second double precision DEFAULT NULL, burst integer DEFAULT NULL,
    daily_quota integer DEFAULT NULL) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- one second's worth at once unless said otherwise
    size integer := coalesce(burst, greatest(ceil(least(per_second, 1000000)), 1)::integer);
BEGIN
    IF per_second <= 0 OR per_second > 1000000 OR per_second = 'NaN' OR size NOT BETWEEN 1 AND 1000000 OR daily_quota <= 0
       OR (per_second IS NULL AND burst IS NOT NULL) THEN
        PERFORM citybigdata.refuse(42204, citybigdata.say('per_second: above 0 to 1000000; burst, only beside it: 1 to 1000000; daily_quota: 1 and more. Null: none.'));
    END IF;
    UPDATE citybigdata.app_grant AS g
    SET rate_per_second = per_second, rate_burst = CASE WHEN per_second IS NOT NULL THEN size END, daily_quota = set_limit.daily_quota
    FROM citybigdata.application a
    WHERE a.app_code = set_limit.app_code AND g.app_id = a.app_id AND g.resource = set_limit.resource;
    IF NOT FOUND THEN
        PERFORM citybigdata.refuse(40400, citybigdata.say('There is no such grant.'));
    END IF;
    PERFORM citybigdata.audit_event('access.limit', set_limit.app_code,
        format('%s: %s per second, burst %s, %s per day', set_limit.resource, coalesce(per_second::text, 'no limit'),
               coalesce(CASE WHEN per_second IS NOT NULL THEN size END::text, '-'), coalesce(set_limit.daily_quota::text, 'no quota')));
END
$$;
COMMENT ON FUNCTION citybigdata.set_limit(text, text, double precision, integer, integer) IS
'Limits an application on a resource, from the very next request on: requests per second in the long run, how many may come at once (burst; default: '
'one second''s worth), requests per day of the platform''s zone; null = no such limit. Beyond them 42900 and 42902 with Retry-After. Errors: 40400 no such grant; 42204';

SELECT count(*) > 80 AS many, bool_and(http_status = CASE WHEN status_code = 0 THEN 200 ELSE status_code / 100 END) AS http,
       bool_and(status_code = 0 OR sqlstate ~ '^UD[0-9A-Z]{3}$') AS class_ud,
       count(DISTINCT sqlstate) = count(*) AS distinct_states
FROM citybigdata.status_code;
SELECT * FROM citybigdata.status_code WHERE status_code IN (0, 42210) ORDER BY 1;

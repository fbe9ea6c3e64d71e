-- Writes docs/tables.md from a database with the extension, after setup():
--   psql -XAtq -f docs/make_tables.sql -d citybigdata > docs/tables.md
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset recordsep '\n'
SET search_path = pg_catalog;

-- Chapters by the first word of a table's name; a table of none of them is listed under "Other".
CREATE TEMP TABLE chapter (no int, title text, tables text[]);
INSERT INTO chapter VALUES
(1, 'Platform and reference data 平台与基础数据', '{platform,status_code,division,division_boundary,code_table,code_table_row,calendar,calendar_hours,calendar_year,calendar_day}'),
(2, 'Access 授权', '{account,account_totp,first_administrator,admin_proposal,lockout,login_reservation,access_request,application,sender,resource,role_level,app_grant,rate_bucket,auth_code,access_token,auth_nonce,sealing_key,sealed_use}'),
(3, 'OAuth', '{oauth_grant,oauth_code,refresh_token,login_session}'),
(4, 'Events 问题', '{event,event_media,event_step,event_idempotency,event_field,event_words,event_words_state}'),
(5, 'Published data 数据服务', '{resource_version,resource_field,resource_parameter,cursor_key,bound_object,level_proposal}'),
(17, 'Map service 地图服务', '{map_layer,map_cells,map_seen}'),
(6, 'Datasets 数据集', '{dataset,ingest_batch,ingest_reject,ingest_staging,fusion_member}'),
(7, 'Audit 审计', '{audit_log,audit_sender,audit_seal_block,audit_seal_wait,integrity_row}'),
(8, 'Organisation 组织机构', '{unit,post,duty_grid,responsibility}'),
(9, 'Processes and steps 流程与办理', '{process,process_stage,process_move,case_task,case_request,case_link,duplicate_setting}'),
(10, 'Deadlines and indicators 时限与指标', '{filing_condition,case_clock,case_clock_stop,case_escalation,case_fact,case_rollup,indicator,public_source}'),
(11, 'History and archive 历史与归档', '{event_load,event_load_reject,event_staging,event_archive,event_archive_key,event_media_archive,event_step_archive,case_link_archive,case_request_archive,case_clock_archive,case_clock_stop_archive}'),
(12, 'Rules 规则', '{rule,rule_act,rule_failure}'),
(13, 'Outbox and call-backs 外发与回调', '{outbox_destination,outbox_message,outbox_queue,outbox_result,callback}'),
(14, 'SMS 短信', '{sms_gateway,sms_policy,sms_template,sms_block,sms_message,sms_number,sms_refusal,sms_batch,sms_part,sms_orphan,sms_reply}'),
(15, 'Fetched media 抓取的多媒体', '{media_fetch,media_copy}'),
 (16, 'Cameras 视频监控', '{camera_provider,camera,camera_stream,camera_source,camera_play}'),
 (17, 'Analysis 智能分析', '{algorithm,algorithm_parameter,algorithm_column,analysis_result,analysis_job}');
CREATE TEMP VIEW relation AS
    SELECT c.oid, c.relname::text AS name, coalesce(ch.no, 99) AS no, coalesce(ch.title, 'Other') AS title, obj_description(c.oid) AS comment
    FROM pg_class c LEFT JOIN chapter ch ON c.relname = ANY (ch.tables)
    WHERE c.relnamespace = 'citybigdata'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
CREATE TEMP VIEW line AS
    -- foreign keys: one table refers to the other
    SELECT r.no, r.title, 1 AS part, format('    %s %s--o{ %s : "%s"', f.relname, CASE WHEN bool_or(a.attnotnull) THEN '||' ELSE '|o' END, r.name, string_agg(a.attname, ', ')) AS text
    FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'f' JOIN pg_class f ON f.oid = k.confrelid
         JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (k.conkey)
    GROUP BY r.no, r.title, f.relname, r.name, k.oid
    UNION ALL
    -- the key of each table
    SELECT r.no, r.title, 2, format(E'    %s {\n%s\n    }', r.name,
           coalesce((SELECT string_agg(format('        %s %s PK', regexp_replace(format_type(a.atttypid, NULL), '[^a-z0-9]+', '_', 'g'), a.attname), E'\n' ORDER BY a.attnum)
                     FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) WHERE k.conrelid = r.oid AND k.contype = 'p'),
                    (SELECT format('        %s %s', regexp_replace(format_type(a.atttypid, NULL), '[^a-z0-9]+', '_', 'g'), a.attname) FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attnum = 1)))
    FROM relation r;

SELECT E'# Tables 数据表\n\nMade by `docs/make_tables.sql` from a database with the extension. All tables are in schema\n`citybigdata`. A line `A ||--o{ B` means: each row of B refers to one row of A; `A |o--o{ B`: to one or\nnone. `\\d+ citybigdata.event` in psql shows every column with its meaning.\n\nPlain tables and their sequences are in a `pg_dump`, without the rows that CREATE EXTENSION makes.\n`audit_log` is partitioned by month and made by `setup()`, so that it does not belong to the extension.';
SELECT format(E'\n## %s\n\n```mermaid\nerDiagram\n%s\n```\n\n| table | content |\n|---|---|\n%s', r.title,
              (SELECT string_agg(l.text, E'\n' ORDER BY l.part, l.text) FROM line l WHERE l.no = r.no),
              string_agg(format('| `%s` | %s |', r.name, replace(split_part(r.comment, E'\n', 1), '|', '\|')), E'\n' ORDER BY r.name))
FROM relation r GROUP BY r.no, r.title ORDER BY r.no;

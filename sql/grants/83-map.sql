-- The views of the platform's own layers are the publisher's, as those of 86-archive-resources.sql: boundaries and duty grids are no
-- secret, who inspects a grid is not among them.
ALTER VIEW citybigdata.published_division OWNER TO citybigdata_publisher;
ALTER VIEW citybigdata.published_grid OWNER TO citybigdata_publisher;
GRANT SELECT ON citybigdata.division, citybigdata.division_boundary TO citybigdata_publisher;
GRANT SELECT (grid_code, name, division_code, unit_code, updated_at, geom) ON citybigdata.duty_grid TO citybigdata_publisher;

-- What is counted, and when, is the system administrator's to see; counting a layer reads it as its publisher and shows nothing.
GRANT SELECT ON citybigdata.map_layer TO citybigdata_sysadmin;
GRANT EXECUTE ON FUNCTION citybigdata.count_layer(text, integer) TO citybigdata_sysadmin;

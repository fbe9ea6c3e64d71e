-- The shipped statistical algorithms run as citybigdata_algorithm. It sees when, where and of what type cases are, and when they were
-- closed; nobody's name, number or text.
GRANT SELECT (rec_id, report_time, district_code, street_code, community_code, division_code, unit_code, event_src_id, event_type_code, main_type_code, archive, bundle_end, cancel, not_inst, merged)
    ON citybigdata.published_case_fact TO citybigdata_algorithm;
GRANT SELECT (rec_id, task_num, geom, division_code, event_type_code, create_time, update_time, state, archived) ON citybigdata.published_case TO citybigdata_algorithm;
GRANT SELECT ON citybigdata.division_boundary, citybigdata.event_field TO citybigdata_algorithm;
-- What the algorithms are made of; refuse() raises what it is given and does nothing else.
GRANT EXECUTE ON FUNCTION
    citybigdata.plane_x(geometry), citybigdata.plane_y(geometry), citybigdata.boundary_box(geometry), citybigdata.boundary_cells(geometry, text, double precision),
    citybigdata.cell_shape(integer, integer, text, double precision), citybigdata.points_shape(double precision[], double precision[], text),
    citybigdata.point_clusters(double precision[], double precision[], double precision, integer), citybigdata.division_prefix(text), citybigdata.analysis_time(timestamptz),
    citybigdata.no_verdict(text), citybigdata.check_analysis(tstzrange, text, integer), citybigdata.whole_intervals(tstzrange, text), citybigdata.case_series(tstzrange, text, text, text),
    citybigdata.series_rows(timestamptz[], double precision[]), citybigdata.season_of(text, integer, integer),
    citybigdata.forecast_rows(double precision[], integer, integer, double precision, timestamptz, text), citybigdata.case_points(tstzrange, text, text),
    citybigdata.analysis_cells(text, text, double precision), citybigdata.refuse(integer, text), citybigdata.say(text), citybigdata.say(text, "any"),
    citybigdata.in_time(timestamptz, tstzrange), citybigdata.time_range(text), citybigdata.lonlat_to_plane(geometry), citybigdata.plane_to_lonlat(geometry),
    citybigdata.work_between(timestamptz, timestamptz, text), citybigdata.find_duplicates(text)
    TO citybigdata_algorithm;
GRANT EXECUTE ON FUNCTION
    citybigdata.mann_kendall(double precision[]),
    citybigdata.sen_slope(double precision[], double precision),
    citybigdata.seasonal_naive(double precision[], integer, integer, double precision),
    citybigdata.holt_winters(double precision[], integer, integer, boolean, double precision),
    citybigdata.forecast_back_test(double precision[], integer, integer, integer, double precision),
    citybigdata.grid_cell(double precision, double precision, double precision, text),
    citybigdata.grid_centre(integer, integer, double precision, text),
    citybigdata.grid_count(double precision[], double precision[], double precision, text),
    citybigdata.gi_star(integer[], integer[], double precision[], text, integer),
    citybigdata.false_discovery(double precision[], double precision, boolean),
    citybigdata.adjusted_p(double precision[], boolean),
    citybigdata.emerging_hot_spots(integer[], integer[], double precision[], text, integer, double precision),
    citybigdata.silverman_bandwidth(double precision[], double precision[]),
    citybigdata.kernel_density(double precision[], double precision[], double precision, double precision),
    citybigdata.kaplan_meier(double precision[], boolean[], double precision),
    citybigdata.survival_quantile(double precision[], boolean[], double precision, double precision),
    citybigdata.cusum(double precision[], double precision, double precision, double precision, double precision),
    citybigdata.change_points(double precision[], integer, double precision, double precision, boolean),
    citybigdata.connected_groups(integer, integer[], integer[])
    TO citybigdata_algorithm;

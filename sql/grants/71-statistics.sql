-- Arithmetic over what the caller gives: for everybody who analyses.
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
    TO citybigdata_sysadmin, citybigdata_analyst, citybigdata_analyst_personal;

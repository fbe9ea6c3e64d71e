-- Statistics over arrays, for everybody who analyses: pure functions, no table is read. Formulas, sources, limits: docs/statistics.md.
CREATE OR REPLACE FUNCTION citybigdata.mann_kendall(series double precision[],
        OUT s bigint, OUT variance double precision, OUT z double precision, OUT p double precision, OUT tau double precision)
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_mann_kendall' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.mann_kendall(double precision[]) IS
'Mann-Kendall test for a trend of a series of 3 to 4000 values at equal steps: S, its variance (ties counted), Z with continuity, two-sided p, tau = S / (n(n-1)/2). Errors: 42202 null or another shape, 42204 length';

CREATE OR REPLACE FUNCTION citybigdata.sen_slope(series double precision[], confidence double precision DEFAULT 0.95,
        OUT slope double precision, OUT intercept double precision, OUT lower double precision, OUT upper double precision, OUT slopes bigint)
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_sen_slope' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.sen_slope(double precision[], double precision) IS
'Sen''s slope of a series, in its unit a step: median of the slopes of all pairs, its confidence interval, the intercept at the first value, the number of slopes. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.seasonal_naive(series double precision[], season integer, horizon integer, confidence double precision DEFAULT 0.95,
        OUT step integer, OUT value double precision, OUT lower double precision, OUT upper double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_seasonal_naive' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 30;
COMMENT ON FUNCTION citybigdata.seasonal_naive(double precision[], integer, integer, double precision) IS
'Seasonal naive forecast: the last season again, season in steps (1: the last value), with prediction interval. Errors: 42202, 42204 fewer than two seasons or ten values, or beyond the limits';

CREATE OR REPLACE FUNCTION citybigdata.holt_winters(series double precision[], season integer, horizon integer, damped boolean DEFAULT false, confidence double precision DEFAULT 0.95,
        OUT alpha double precision, OUT beta double precision, OUT gamma double precision, OUT phi double precision, OUT squares double precision, OUT sigma double precision, OUT begin_level double precision, OUT begin_trend double precision, OUT begin_seasonal double precision[], OUT value double precision[], OUT lower double precision[], OUT upper double precision[])
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_holt_winters' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.holt_winters(double precision[], integer, integer, boolean, double precision) IS
'Additive Holt-Winters forecast, trend damped or not; season 1: without a season. Parameters of the least sum of squared one-step errors (squares), found without chance; sigma of these errors, the state before the first value, the forecast of each step with prediction interval. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.forecast_back_test(series double precision[], season integer, horizon integer, origins integer DEFAULT 10, confidence double precision DEFAULT 0.95,
        OUT method text, OUT tried integer, OUT mae double precision, OUT mape double precision, OUT smape double precision, OUT coverage double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_forecast_back_test' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 3;
COMMENT ON FUNCTION citybigdata.forecast_back_test(double precision[], integer, integer, integer, double precision) IS
'Back-test of seasonal-naive, holt-winters, holt-winters-damped from up to `origins` rolling origins, a horizon apart: mean absolute error, MAPE (null where a value is 0), sMAPE, share of values within the interval; tried: origins there was room for, 0: the series is too short. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.grid_cell(x double precision, y double precision, size double precision, grid text DEFAULT 'square',
        OUT i integer, OUT j integer)
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_grid_cell' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION citybigdata.grid_cell(double precision, double precision, double precision, text) IS
'The cell of a point, numbered as ST_SquareGrid and ST_HexagonGrid do; grid square or hexagon; size: distance between the centres of a cell and the one above it, so ST_HexagonGrid''s is size / sqrt(3). Errors: 42204';

CREATE OR REPLACE FUNCTION citybigdata.grid_centre(i integer, j integer, size double precision, grid text DEFAULT 'square',
        OUT x double precision, OUT y double precision)
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_grid_centre' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION citybigdata.grid_centre(integer, integer, double precision, text) IS
'The centre of a cell of grid_cell(). Errors: 42204';

CREATE OR REPLACE FUNCTION citybigdata.grid_count(x double precision[], y double precision[], size double precision, grid text DEFAULT 'square',
        OUT i integer, OUT j integer, OUT cases bigint)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_grid_count' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION citybigdata.grid_count(double precision[], double precision[], double precision, text) IS
'How many points each cell of grid_cell() has; cells without any are left out. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.gi_star(i integer[], j integer[], value double precision[], grid text DEFAULT 'square', reach integer DEFAULT 1,
        OUT place integer, OUT z double precision, OUT p double precision, OUT neighbours integer)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_gi_star' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION citybigdata.gi_star(integer[], integer[], double precision[], text, integer) IS
'Gi* of each cell of a grid (up to 200000; cells without anything must be there with 0): z, two-sided p, other cells within reach steps. z and p are null for a cell without neighbours, and of all cells below 30 cells or when all values are equal. Errors: 42202, 42204, 40004 a cell twice';

CREATE OR REPLACE FUNCTION citybigdata.false_discovery(p double precision[], q double precision DEFAULT 0.05, dependent boolean DEFAULT false)
    RETURNS boolean[] AS 'MODULE_PATHNAME', 'cbd_false_discovery' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.false_discovery(double precision[], double precision, boolean) IS
'Which p are discoveries at false discovery rate q, by Benjamini and Hochberg, or Yekutieli when they may depend on each other in any way; null is none. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.adjusted_p(p double precision[], dependent boolean DEFAULT false)
    RETURNS double precision[] AS 'MODULE_PATHNAME', 'cbd_adjusted_p' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.adjusted_p(double precision[], boolean) IS
'The least false discovery rate at which each p would be a discovery; of null, null. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.emerging_hot_spots(i integer[], j integer[], value double precision[], grid text DEFAULT 'square', reach integer DEFAULT 1, significance double precision DEFAULT 0.05,
        OUT place integer, OUT class text, OUT hot integer, OUT cold integer, OUT last_z double precision, OUT trend_z double precision, OUT trend_p double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_emerging_hot_spots' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION citybigdata.emerging_hot_spots(integer[], integer[], double precision[], text, integer, double precision) IS
'Classes of the cells of a grid over 10 to 1000 slices of time: value has all cells of the first slice, then of the second and so on. hot-new, hot-consecutive, hot-intensifying, hot-persistent, hot-diminishing, hot-sporadic, hot-oscillating, hot-historical, the same with cold, none; slices in which it was hot or cold, z of the last one, Mann-Kendall over z. Errors: 42202, 42204, 40004';

CREATE OR REPLACE FUNCTION citybigdata.silverman_bandwidth(x double precision[], y double precision[])
    RETURNS double precision AS 'MODULE_PATHNAME', 'cbd_silverman_bandwidth' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.silverman_bandwidth(double precision[], double precision[]) IS
'Bandwidth of a quartic kernel in the plane by Silverman''s rule, in the unit of x and y; null when all points are one place. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.kernel_density(x double precision[], y double precision[], size double precision, bandwidth double precision,
        OUT i integer, OUT j integer, OUT density double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_kernel_density' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION citybigdata.kernel_density(double precision[], double precision[], double precision, double precision) IS
'Kernel density (quartic) at the centres of the square cells of that size that it reaches, in points per square of the unit of x and y. Errors: 42202, 42204 more than 200000 cells';

CREATE OR REPLACE FUNCTION citybigdata.kaplan_meier(durations double precision[], ended boolean[], confidence double precision DEFAULT 0.95,
        OUT duration double precision, OUT at_risk bigint, OUT events bigint, OUT survival double precision, OUT error double precision, OUT lower double precision, OUT upper double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_kaplan_meier' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000;
COMMENT ON FUNCTION citybigdata.kaplan_meier(double precision[], boolean[], double precision) IS
'Kaplan-Meier: for each time at which some ended, how many were left, how many ended, the share that lasts longer with standard error (Greenwood) and interval (log-log). ended false: it lasted at least so long. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.survival_quantile(durations double precision[], ended boolean[], quantile double precision DEFAULT 0.5, confidence double precision DEFAULT 0.95,
        OUT value double precision, OUT lower double precision, OUT upper double precision)
    RETURNS record AS 'MODULE_PATHNAME', 'cbd_survival_quantile' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.survival_quantile(double precision[], boolean[], double precision, double precision) IS
'The time within which a share `quantile` has ended, by Kaplan-Meier, with its interval (log-log); null: not so many have. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.cusum(series double precision[], mean double precision, sigma double precision, k double precision DEFAULT 0.5, h double precision DEFAULT 5,
        OUT place integer, OUT high double precision, OUT low double precision, OUT signal integer, OUT begun integer, OUT level double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_cusum' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 100;
COMMENT ON FUNCTION citybigdata.cusum(double precision[], double precision, double precision, double precision, double precision) IS
'Two-sided tabular CUSUM of a series for a known mean and sigma, k and h in sigmas: both sums after each value; signal 1 up, -1 down, where one exceeds h, with the first value of the change and the new level; then both begin anew. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.change_points(series double precision[], baseline integer, k double precision DEFAULT 0.5, h double precision DEFAULT 5, poisson boolean DEFAULT true,
        OUT change integer, OUT signal integer, OUT before double precision, OUT sigma double precision, OUT after double precision)
    RETURNS SETOF record AS 'MODULE_PATHNAME', 'cbd_change_points' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 5;
COMMENT ON FUNCTION citybigdata.change_points(double precision[], integer, double precision, double precision, boolean) IS
'Changes of level of a series by CUSUM, each reckoned from the first `baseline` values behind the one before: place of the first value of the new level, place at which it was found, level before, sigma (of counts, poisson: root of the level), level after. Errors: 42202, 42204';

CREATE OR REPLACE FUNCTION citybigdata.connected_groups(items integer, a integer[], b integer[])
    RETURNS integer[] AS 'MODULE_PATHNAME', 'cbd_connected_groups' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION citybigdata.connected_groups(integer, integer[], integer[]) IS
'Groups of what is connected: for each of the items 1 to `items`, the least item that is reached from it over the pairs (a, b). Errors: 42202, 42204';

-- The shipped algorithms of the indicators may do what their functions do, and nothing else.
GRANT EXECUTE ON FUNCTION citybigdata.indicators(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text),
    citybigdata.indicators_by_person(date, date, text, text, text, text, text, integer, text[], boolean, boolean, text, boolean, integer, boolean, text),
    citybigdata.workload(date, date, text, text, text, boolean, integer), citybigdata.workload_by_person(date, date, text, text, text, boolean, integer) TO citybigdata_algorithm;

-- What is erased does not come back, and who runs the platform shall not choose it: the security administrator decides on a person's request.
GRANT EXECUTE ON FUNCTION citybigdata.erase_person(text, text, text, text, boolean) TO citybigdata_secadmin;

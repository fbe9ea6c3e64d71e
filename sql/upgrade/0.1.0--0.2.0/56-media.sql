-- It has a parameter more.
DROP FUNCTION citybigdata.rest_media(text, inet, text, text, bytea, text, text, text, text, boolean);

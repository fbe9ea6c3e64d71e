-- It erases in the archive, too: another signature.
DROP FUNCTION citybigdata.erase_event_person(integer[], integer[], text, text);

-- Values of extension fields, which have no type of their own, as numbers, times and keys to sort by.
CREATE FUNCTION provenance.number_of(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN jsonb_typeof(value) = 'number' THEN (value #>> '{}')::numeric
    WHEN jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[+-]?(\d{1,200}\.?\d{0,200}|\.\d{1,200})([eE][+-]?\d{1,3})?$'
      THEN (value #>> '{}')::numeric
  END
$$;

CREATE FUNCTION provenance.time_of(value jsonb) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF jsonb_typeof(value) = 'string'
    AND value #>> '{}' ~ '^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$' THEN
    RETURN (value #>> '{}')::timestamptz;
  END IF;
  RETURN NULL;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
  RETURN NULL;
END
$$;

-- Sorts by code points: what is missing, then numbers by their size, then texts.
CREATE FUNCTION provenance.sort_key(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN value IS NULL THEN ''
    WHEN jsonb_typeof(value) = 'number' AND (value #>> '{}')::float8 >= 0
      THEN 'n1' || encode(float8send((value #>> '{}')::float8), 'hex')
    WHEN jsonb_typeof(value) = 'number'
      THEN 'n0' || translate(encode(float8send((value #>> '{}')::float8), 'hex'), '0123456789abcdef', 'fedcba9876543210')
    ELSE 's' || (value #>> '{}')
  END
$$;

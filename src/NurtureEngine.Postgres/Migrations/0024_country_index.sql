-- min_program: 23
-- outside_transaction
-- A country has so many leads that walking over all of them finds the first page as fast; the index only made facts slower.
DROP INDEX CONCURRENTLY IF EXISTS lead_by_country;

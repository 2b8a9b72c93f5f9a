-- min_program: 11
-- Templates are Scriban's from here on. A program of before would render new contents wrongly, so it must have stopped.

-- The schema version of the program that stored the content: what programs before 11 stored may use constructs that differ.
ALTER TABLE content_version ADD COLUMN program integer NOT NULL DEFAULT 10;
ALTER TABLE content_version ALTER COLUMN program DROP DEFAULT;

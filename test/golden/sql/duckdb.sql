-- windows
CREATE OR REPLACE TABLE "data"."matrix" AS
WITH "cutoffs" AS MATERIALIZED (
  SELECT "s"."entity",
    CAST("s"."cutoff" AS TIMESTAMP) AS "cutoff"
  FROM (VALUES (0, TIMESTAMP '2024-01-15 00:00:00.000000'), (1, TIMESTAMP '2024-02-01 00:00:00.000000')) AS "s"("entity", "cutoff")
)
SELECT "c"."entity",
  "c"."cutoff",
  count(*) FILTER (WHERE "e"."__known" > ("c"."cutoff" + to_months(CAST((-1) AS INTEGER)))) AS "n",
  sum(CAST("e"."amount" AS DECIMAL(38,6))) FILTER (WHERE "e"."__known" > ("c"."cutoff" + to_months(CAST((-1) AS INTEGER))) AND (NOT ("e"."amount" IS NULL))) AS "total",
  avg(CASE WHEN "e"."amount" > 0 THEN ln("e"."amount") END) AS "log_mean",
  count(DISTINCT date_trunc('day', "e"."__time")) AS "days",
  count(*) / nullif(count(DISTINCT "e"."kind"), 0) AS "per_kind",
  max_by("e"."kind", row("e"."__time", "e"."__row")) FILTER (WHERE ("e"."kind" IS NOT NULL) AND ("e"."__time" IS NOT NULL) AND ("e"."__row" IS NOT NULL)) AS "last_kind",
  min_by("e"."kind", "e"."__row") FILTER (WHERE ("e"."kind" IN ('a', 'b''c')) AND ("e"."kind" IS NOT NULL) AND ("e"."__row" IS NOT NULL)) AS "first_kind",
  date_diff('microsecond', CAST(TIMESTAMP '1970-01-01 00:00:00.000000' AS TIMESTAMP), "c"."cutoff") / 86400000000 AS "age"
FROM "cutoffs" AS "c"
LEFT JOIN "data"."events" AS "e" ON "e"."__fk_owner" = "c"."entity" AND "e"."__known" < "c"."cutoff"
GROUP BY "c"."entity", "c"."cutoff"
HAVING count(*) >= 0
ORDER BY "c"."cutoff" ASC NULLS LAST, "c"."entity" DESC NULLS FIRST
LIMIT 100;

-- gaps
SELECT "e".*,
  date_diff('microsecond', lag("e"."__time") OVER (PARTITION BY "e"."kind" ORDER BY "e"."__time" ASC NULLS LAST, "e"."__row" ASC NULLS LAST), "e"."__time") AS "gap",
  sum("e"."amount") OVER (ORDER BY "e"."__row" ASC NULLS LAST ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS "running",
  extract(isodow FROM "e"."__time") AS "dow",
  (CAST(('0x' || substring(md5("e"."kind"), 1, 8)) AS BIGINT) % 2147483648) AS "bucket",
  regexp_matches(lower("e"."kind"), '^a.*') AS "starts",
  TRY_CAST(split_part("e"."kind", '-', 1) AS BIGINT) AS "part",
  CASE WHEN ("e"."kind" IS NULL) OR "e"."kind" = '' THEN 'none' ELSE ("e"."kind" || '!') END AS "label"
FROM "data"."events" AS "e"
SEMI JOIN "data"."owners" AS "o" ON "o"."__row" = "e"."__fk_owner"
ANTI JOIN "data"."hidden" AS "h" ON "h"."__row" = "e"."__row"
WHERE ("e"."kind" IS NOT NULL) AND "e"."__time" >= TIMESTAMP '-infinity';

-- parts
(
  SELECT DISTINCT unnest(string_split("e"."kind", ';')) AS "part",
    0.5e0 AS "half",
    (-3) AS "minus"
  FROM "data"."events" AS "e"
  CROSS JOIN "data"."owners" AS "o"
  INNER JOIN (
    SELECT "s"."entity",
      CAST("s"."cutoff" AS TIMESTAMP) AS "cutoff"
    FROM (VALUES (0, TIMESTAMP '2024-01-15 00:00:00.000000'), (1, TIMESTAMP '2024-02-01 00:00:00.000000')) AS "s"("entity", "cutoff")
  ) AS "x" ON "x"."entity" = "e"."__row"
)
UNION ALL
(
  SELECT DISTINCT unnest(string_split("e"."kind", ';')) AS "part",
    0.5e0 AS "half",
    (-3) AS "minus"
  FROM "data"."events" AS "e"
  CROSS JOIN "data"."owners" AS "o"
  INNER JOIN (
    SELECT "s"."entity",
      CAST("s"."cutoff" AS TIMESTAMP) AS "cutoff"
    FROM (VALUES (0, TIMESTAMP '2024-01-15 00:00:00.000000'), (1, TIMESTAMP '2024-02-01 00:00:00.000000')) AS "s"("entity", "cutoff")
  ) AS "x" ON "x"."entity" = "e"."__row"
);

-- drop
DROP TABLE IF EXISTS "data"."matrix";

-- events
SELECT `e`.*,
  CASE WHEN `e`.`c0` = 2 THEN `e`.`passed0` END AS `chain0`
FROM (
  SELECT `e`.*,
    max(CASE WHEN `e`.`c0` = 1 THEN `e`.`begun0` END) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS `passed0`
  FROM (
    SELECT `e`.*,
      max(CASE WHEN `e`.`c0` = 0 THEN `e`.`at` END) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS `begun0`
    FROM (
      SELECT `e`.`g` AS `g`,
        `e`.`known` AS `known`,
        `e`.`at` AS `at`,
        `e`.`x0` AS `x0`,
        `e`.`c0` AS `c0`,
        row_number() OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST) AS `rank`,
        timestampdiff(MICROSECOND, lag(`e`.`at`, 1) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST), `e`.`at`) AS `gap`,
        count(*) OVER (PARTITION BY `e`.`g` ORDER BY timestampdiff(MICROSECOND, TIMESTAMP_NTZ '1970-01-01 00:00:00.000000', `e`.`known`) ASC NULLS LAST RANGE BETWEEN 604799999999 PRECEDING AND CURRENT ROW) AS `week`,
        lag(`e`.`x0`, 1) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST) AS `before_x0`,
        lag(`e`.`c0`, 1) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST) AS `before_c0`,
        lag(`e`.`c0`, 2) OVER (PARTITION BY `e`.`g` ORDER BY `e`.`at` ASC NULLS LAST, `e`.`x0` ASC NULLS LAST, `e`.`c0` ASC NULLS LAST) AS `second_c0`
      FROM (
        SELECT `e0`.`__fk_visits.person_id` AS `g`,
          `e0`.`__known` AS `known`,
          `e0`.`__time` AS `at`,
          CAST(round(CASE WHEN (CAST(`e0`.`seconds` AS DOUBLE) * 100) > 9000000000000000 THEN 9000000000000000 WHEN (CAST(`e0`.`seconds` AS DOUBLE) * 100) < (-9000000000000000) THEN (-9000000000000000) ELSE CAST(`e0`.`seconds` AS DOUBLE) * 100 END, 0) AS BIGINT) AS `x0`,
          CASE WHEN `e0`.`page` IS NULL THEN NULL WHEN CAST(`e0`.`page` AS STRING) = 'blog' THEN 0 WHEN CAST(`e0`.`page` AS STRING) = 'o\'docs' THEN 1 WHEN CAST(`e0`.`page` AS STRING) = 'pricing' THEN 2 ELSE 3 END AS `c0`
        FROM `data`.`visits` AS `e0`
        WHERE (`e0`.`__fk_visits.person_id` IS NOT NULL) AND (`e0`.`__known` IS NOT NULL)
      ) AS `e`
      INNER JOIN (
        SELECT `q`.`g` AS `g`,
          max(`q`.`cutoff`) AS `latest`
        FROM `feat`.`ps0` AS `q`
        GROUP BY `q`.`g`
      ) AS `w` ON `w`.`g` = `e`.`g` AND `e`.`known` <= `w`.`latest`
    ) AS `e`
  ) AS `e`
) AS `e`;

-- bands
SELECT `pid`,
  `band`,
  count(*) FILTER (WHERE `c0` = 1 AND `before_c0` = 0) AS `step0`,
  count(*) FILTER (WHERE `c0` = 2 AND `before_c0` = 1 AND `second_c0` = 0) AS `step1`,
  count(*) AS `n`,
  min(`chain0`) AS `chain0`,
  max(`age`) FILTER (WHERE `c0` = 0) AS `first0_0`,
  max(`age`) FILTER (WHERE `c0` = 1) AS `first0_1`,
  max(`age`) FILTER (WHERE `c0` = 2) AS `first0_2`,
  max_by(coalesce(`before_c0`, (-1)), `rank`) FILTER (WHERE (coalesce(`before_c0`, (-1)) IS NOT NULL) AND (`rank` IS NOT NULL)) AS `previous0`,
  count(*) FILTER (WHERE (`gap` IS NULL) OR `gap` > 1800000000) AS `sessions`,
  count(DISTINCT (`age` div nullif(86400000000, 0))) AS `dd`,
  max(`rank`) AS `rank`,
  max(`rank`) FILTER (WHERE (`gap` IS NULL) OR `gap` > 1800000000) AS `begin`,
  min(`age`) AS `amin`,
  min(`age`) FILTER (WHERE (`gap` IS NULL) OR `gap` > 1800000000) AS `begun`,
  max(`gap`) AS `pause`,
  max(`week`) AS `week`,
  max(`age`) AS `amax`,
  max_by(`x0` - `before_x0`, `rank`) FILTER (WHERE ((`x0` - `before_x0`) IS NOT NULL) AND (`rank` IS NOT NULL)) AS `change0`
FROM (
  SELECT `p`.`pid` AS `pid`,
    CASE WHEN timestampdiff(MICROSECOND, `e`.`at`, `p`.`cutoff`) < 604800000000 THEN 0 WHEN timestampdiff(MICROSECOND, `e`.`at`, `p`.`cutoff`) < 2592000000000 THEN 1 ELSE 2 END AS `band`,
    timestampdiff(MICROSECOND, `e`.`at`, `p`.`cutoff`) AS `age`,
    `e`.`before_c0` AS `before_c0`,
    `e`.`second_c0` AS `second_c0`,
    timestampdiff(MICROSECOND, `e`.`chain0`, `p`.`cutoff`) AS `chain0`,
    `e`.`rank` AS `rank`,
    `e`.`gap` AS `gap`,
    `e`.`week` AS `week`,
    `e`.`before_x0` AS `before_x0`,
    `e`.`x0` AS `x0`,
    `e`.`c0` AS `c0`
  FROM `feat`.`ps0` AS `p`
  INNER JOIN `feat`.`events` AS `e` ON `e`.`g` = `p`.`g` AND `e`.`known` <= `p`.`cutoff`
) AS `j`
GROUP BY `pid`, `band`;

-- pivot
SELECT `pid`,
  CAST(CAST(sum(`step0`) FILTER (WHERE `band` <= 0) AS DOUBLE) AS FLOAT) AS `f0`,
  CAST(CAST(sum(`step1`) AS DOUBLE) / nullif(CAST(sum(`n`) AS DOUBLE), 0) AS FLOAT) AS `f1`,
  CAST(CASE WHEN min(`chain0`) < 2592000000000 THEN 1 ELSE 0 END AS FLOAT) AS `f2`,
  CAST(CASE WHEN max(`first0_0`) >= max(`first0_1`) THEN CAST(max(`first0_0`) - max(`first0_1`) AS DOUBLE) / 86400000000 END AS FLOAT) AS `f3`,
  CAST(CASE WHEN max(`first0_1`) > max(`first0_2`) THEN 1 WHEN max(`first0_2`) IS NOT NULL THEN 0 WHEN max(`first0_1`) IS NOT NULL THEN 1 END AS FLOAT) AS `f4`,
  CAST(CASE WHEN max(`first0_1`) IS NOT NULL THEN (1 + CASE WHEN max(`first0_0`) > max(`first0_1`) THEN 1 ELSE 0 END) + CASE WHEN max(`first0_2`) > max(`first0_1`) THEN 1 ELSE 0 END END AS FLOAT) AS `f5`,
  CAST(CASE WHEN max(`first0_2`) IS NOT NULL THEN 3 WHEN max(`first0_1`) IS NOT NULL THEN 2 WHEN max(`first0_0`) IS NOT NULL THEN 1 ELSE 0 END AS FLOAT) AS `f6`,
  CAST(CAST(coalesce(max(`first0_2`), max(`first0_1`), max(`first0_0`)) AS DOUBLE) / 86400000000 AS FLOAT) AS `f7`,
  CAST(CAST(greatest(max(`first0_0`), max(`first0_1`), max(`first0_2`)) - coalesce(max(`first0_2`), max(`first0_1`), max(`first0_0`)) AS DOUBLE) / 86400000000 AS FLOAT) AS `f8`,
  CAST(nullif(max_by(`previous0`, (-`band`)) FILTER (WHERE (`previous0` IS NOT NULL) AND ((-`band`) IS NOT NULL)), (-1)) AS FLOAT) AS `f9`,
  CAST(CAST(sum(`sessions`) FILTER (WHERE `band` <= 0) AS DOUBLE) AS FLOAT) AS `f10`,
  CAST(CAST(sum(`n`) AS DOUBLE) / nullif(CAST(sum(`sessions`) AS DOUBLE), 0) AS FLOAT) AS `f11`,
  CAST(CAST(sum(`sessions`) AS DOUBLE) / nullif(CAST(sum(`dd`) AS DOUBLE), 0) AS FLOAT) AS `f12`,
  CAST((max(`rank`) - max(`begin`)) + 1 AS FLOAT) AS `f13`,
  CAST(CAST(min(`begun`) - min(`amin`) AS DOUBLE) / 60000000 AS FLOAT) AS `f14`,
  CAST(CAST(CASE WHEN max(`pause`) < 0 THEN 0 ELSE max(`pause`) END AS DOUBLE) / 86400000000 AS FLOAT) AS `f15`,
  CAST(CAST(min(`amin`) AS DOUBLE) / nullif(CASE WHEN max(`pause`) > 0 THEN max(`pause`) END, 0) AS FLOAT) AS `f16`,
  CAST((max(`week`) * greatest(1, ((CAST(max(`amax`) - min(`amin`) AS DOUBLE) / 86400000000) / 7))) / nullif(CAST(sum(`n`) AS DOUBLE), 0) AS FLOAT) AS `f17`,
  CAST(CAST(max_by(`change0`, (-`band`)) FILTER (WHERE (`change0` IS NOT NULL) AND ((-`band`) IS NOT NULL)) AS DOUBLE) / 100 AS FLOAT) AS `f18`
FROM `feat`.`bands`
GROUP BY `pid`;

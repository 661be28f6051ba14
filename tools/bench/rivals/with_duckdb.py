"""The same with DuckDB: whole numbers of 128 bits, because its division of DECIMAL goes through binary fractions."""

import sys
from pathlib import Path

import duckdb  # only where somebody installed it

QUERY = """
COPY (
WITH given AS (
  SELECT *,
    (CAST(replace(replace(target, '.', ''), ',', '.') AS DECIMAL(18, 6)) * 1000000)::HUGEINT AS t,
    (CAST(replace(replace(realisasi, '.', ''), ',', '.') AS DECIMAL(18, 6)) * 1000000)::HUGEINT AS r
  FROM read_csv('{source}', delim = ';', header = true, all_varchar = true)),
shares AS (
  SELECT *,
    CASE WHEN t > 0 AND r IS NOT NULL THEN
      CASE WHEN polaritas = 'minimize' OR (polaritas = 'stabilize' AND r > t) THEN 2 * t - r
           WHEN polaritas = 'minimize_ratio' THEN CASE WHEN r > 0 THEN t ELSE 12 END
           ELSE r END END AS above,
    CASE WHEN polaritas = 'minimize_ratio' THEN CASE WHEN r > 0 THEN r ELSE 10 END ELSE t END AS below
  FROM given),
exact AS (
  SELECT *,
    sign(above)::HUGEINT * ((2 * abs(above) * 100000000000000::HUGEINT + below) // (2 * below)) AS raw,
    CASE WHEN above > 0 THEN (2 * above * 10000 + below) // (2 * below) WHEN above <= 0 THEN 0 END AS cents
  FROM shares),
figures AS (SELECT *, CASE WHEN cents > 12000 THEN 12000 ELSE cents END AS capped FROM exact)
SELECT {headings},
  CASE WHEN raw < 0 THEN '-' WHEN raw >= 0 THEN '' END || (abs(raw) // 1000000000000)::VARCHAR || ','
    || lpad((abs(raw) % 1000000000000)::VARCHAR, 12, '0') AS achievement_raw,
  (cents // 100)::VARCHAR || ',' || lpad((cents % 100)::VARCHAR, 2, '0') AS achievement,
  (capped // 100)::VARCHAR || ',' || lpad((capped % 100)::VARCHAR, 2, '0') AS score,
  CASE WHEN cents >= 9100 THEN 'Sangat Tinggi' WHEN cents >= 7600 THEN 'Tinggi' WHEN cents >= 6600 THEN 'Sedang'
    WHEN cents >= 5100 THEN 'Rendah' WHEN cents >= 0 THEN 'Sangat Rendah' END AS category,
  CASE WHEN raw IS NULL THEN 'belum ada realisasi' END AS reason
FROM figures) TO '{output}' (DELIMITER ';', HEADER true)
"""


def main(source: str, output: str) -> None:
    """Measure one file."""
    with Path(source).open(encoding="utf-8") as file:
        headings = ", ".join(f'"{heading}"' for heading in file.readline().strip().split(";"))
    duckdb.connect().execute(QUERY.format(source=source, output=output, headings=headings))


if __name__ == "__main__":
    main(*sys.argv[1:])

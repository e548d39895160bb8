"""A table of people for releases of made-up rows: its definition, and the model behind it."""

DEFINITION = """# yaml-language-server: $schema=../table.schema.json
name: grades
number: 95
title: People by grade and sex
sheet: Grades
source: pub_grades
publications: [quarterly]
topic: Workforce
indicators: [E01]
about: One row is a grade and a sex.
empty: Nobody is known.
key: [quarter, grade, sex]
order_by: [grade, sex]
charts:
  - {kind: bars, title: People by grade, rows: {sex: [All]}, label: grade, value: people}
columns:
  - {name: quarter, label: Quarter, type: text, meaning: The quarter}
  - {name: grade, label: Grade, type: text, meaning: The grade}
  - {name: sex, label: Sex, type: text, meaning: The sex}
  - {name: people, label: People, type: integer, meaning: How many people}
  - name: percent
    label: Share of the grade
    type: number
    unit: per cent
    decimals: 1
    when_missing: not applicable
    meaning: People as a percentage of the grade
disclosure:
  rule: people
  population: graded staff
  dimensions:
    - {column: grade, total: All}
    - {column: sex, total: All}
  counts:
    - column: people
  percentages:
    - {column: percent, numerator: people, denominator: people, over: [sex]}
"""
MODEL = """
create table publication.pub_grades as
with staff as (
    select * from (values
        ('2022-23 Q1', 'High', 'Female', {high}), ('2022-23 Q1', 'High', 'Male', 9),
        ('2022-23 Q1', 'Low', 'Female', 41), ('2022-23 Q1', 'Low', 'Male', 22),
        ('2022-23 Q2', 'High', 'Female', 5), ('2022-23 Q2', 'High', 'Male', 9),
        ('2022-23 Q2', 'Low', 'Female', 41), ('2022-23 Q2', 'Low', 'Male', 22)
    ) as t(quarter, grade, sex, people)
), counted as (
    select quarter, coalesce(grade, 'All') as grade, coalesce(sex, 'All') as sex,
        cast(sum(people) as integer) as people
    from staff group by cube (quarter, grade, sex) having quarter is not null
)
select *, cast(100.0 * people / max(people) over (partition by quarter, grade)
    as decimal(18, 6)) as percent
from counted
"""

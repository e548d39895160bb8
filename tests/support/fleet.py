"""Four files that give an authority a return, an indicator of two figures by fuel, and a table."""

from pathlib import Path

FILE = "lcrca_2022-23-q1.csv"
CONTENT = """Vehicle,Fuel,Kilometres,Tonnes CO2e
A1,diesel,1000,0.50
A2,diesel,3000,1.25
A3,electric,4000,0.25
"""
FILES = {
    "contracts/fleet_emissions.yaml": """
return: fleet_emissions
version: "1.0"
title: Emissions of the fleet
grain: a vehicle in the quarter
delivery: whole
period: {every: quarter, read_from: [flag, file_name]}
retention:
  keep_originals_months: 84
  authority: "Limitation Act 1980 section 5: six years and the current one"
  recorded_on: 2021-03-31
obligations:
  - {sender: lcrca, first_period: 2022-23 Q1, due_days_after_end: 30, recorded_on: 2022-03-31}
columns:
  - {name: vehicle, type: code, required: true, meaning: The vehicle's number, aliases: [Vehicle]}
  - {name: fuel, type: text, required: true, meaning: What it runs on, aliases: [Fuel]}
  - {name: kilometres, type: number, required: true, meaning: How far it went, aliases: [Km]}
  - name: tonnes_co2e
    type: number
    required: true
    meaning: What it emitted
    aliases: [Tonnes CO2e]
""",
    "suites/fleet_emissions.yaml": """
suite: fleet_emissions
version: "1.0"
good_row: {vehicle: A1, fuel: diesel, kilometres: 10, tonnes_co2e: 1}
rules:
  - id: emissions_are_given
    version: 1
    expectation: ExpectColumnValuesToNotBeNull
    kwargs: {column: tonnes_co2e}
    severity: quarantine
    dimension: completeness
    fixed_by: sender
    owner: Fleet Manager
    because: The row gives no emissions; give the tonnes.
    fails_on: [{tonnes_co2e: null}]
""",
    "indicators/fleet.yaml": """
name: fleet
reads: fleet_emissions
breakdowns: [fuel]
indicators:
  V01:
    - basis: emitted
      title: Emitted
      definition: Tonnes of all vehicles
      numerator: tonnes_co2e
    - basis: electric-share
      title: Driven on electricity
      unit: per cent
      rule: ratio of sums
      better: higher
      definition: Kilometres of electric vehicles over those of all
      numerator: case when fuel = 'electric' then kilometres else 0 end
      denominator: kilometres
registry:
  V01:
    title: Emissions of the fleet
    role: service provider
    theme: environmental
    unit: tCO2e
    rule: sum
    better: lower
    numerator_is: Tonnes of CO2e
    denominator_is: Of the share, kilometres
    definition: What the authority's own vehicles emit, as the fleet's manager returns it.
    broken_down_by: {fuel: {meaning: The fuel's vehicles only}}
    minimum_coverage: 0.5
    recorded_on: 2021-03-31
    targets:
      - {basis: emitted, target: 10, tolerance: 1, scheme_id: three-point}
examples:
  - name: what_a_vehicle_adds
    says: A diesel's kilometres are below the line alone.
    given:
      - {vehicle: A1, fuel: diesel, kilometres: 10, tonnes_co2e: 2, _row: 2}
      - {vehicle: A2, fuel: electric, kilometres: 5, tonnes_co2e: 0, _row: 3}
    expect:
      - {basis: emitted, fuel: diesel, numerator: 2, denominator: 0, _row: 2}
      - {basis: emitted, fuel: electric, numerator: 0, denominator: 0, _row: 3}
      - {basis: electric-share, fuel: diesel, numerator: 0, denominator: 10, _row: 2}
      - {basis: electric-share, fuel: electric, numerator: 5, denominator: 5, _row: 3}
""",
    "tables/fleet.yaml": """
name: fleet
number: 555
title: Emissions of the fleet
sheet: Fleet
of: {indicator: V01, breakdown: fuel, figures: {emitted: emitted, electric: electric-share}}
publications: [quarterly]
indicators: [V01]
about: One row is a fuel.
empty: No return of the fleet is in for this quarter.
key: [fuel]
order_by: [fuel]
columns:
  - {name: quarter, label: Quarter, type: text, meaning: The quarter}
  - {name: fuel, label: Fuel, type: text, meaning: What the vehicles run on}
  - {name: emitted, label: Emitted, type: number, unit: tCO2e, decimals: 2, meaning: Tonnes}
  - name: electric
    label: Driven on electricity
    type: number
    unit: per cent
    decimals: 1
    meaning: Kilometres of electric vehicles over those of all
  - {name: status, label: Status, type: text, meaning: Whether it is final}
""",
}


def add_fleet(folder: Path) -> None:
    """Write the four files into an authority's folder."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")

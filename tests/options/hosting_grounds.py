"""A small pilot with a known price of a request and a known load: what every option of a team's own starts from."""

from ruamel.yaml import YAML

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.options.line import Grounds
from flightready.traffic.demand import plan

WORKLOAD = {
    "users_per_day": 86_400,
    "requests_per_user": 1,
    "peak_to_mean": 4,
    "peak_minute": 1,
    "growth_per_month": "0%",
}
"""One request a second in the mean, four in the busiest minute, 2,629,800 in a month of 30.4375 days."""
REQUESTS = 86_400 * 365.25 / 12


def grounds_of(folder, *options, workload=WORKLOAD, bill="30 USD for 10_000 requests"):
    """Return the grounds of a pilot with options, on a small joint sample; a request costs 0.003 USD."""
    cost = {"options": list(options), **({"bill": bill} if bill else {})}
    document = {"name": "Test", "cost": cost, **({"workload": workload} if workload else {})}
    with (folder / "assessment.yaml").open("w") as stream:
        YAML().dump(document, stream)
    pilot = load(folder)
    joint = JointSample(pilot.spec.seed, replicates=2, draws=256)
    demand = plan(pilot, joint)
    return Grounds(pilot, joint, demand, analyse(pilot, joint, demand), None, None)


def only(grounds):
    """Return the one option of a pilot."""
    return grounds.pilot.spec.cost.options[0]

"""The search for the cheapest policy: a known optimum, brute force, what is in the way, ties, and more choices."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from flightready.evidence import Interval, State
from flightready.latency.scenario import Scenario, run
from flightready.options.policy_chance import holds_chance
from flightready.options.policy_choices import Choices, Policy
from flightready.options.policy_cost import Costs
from flightready.options.policy_grid import changes, frontier, is_hopeless, search
from flightready.options.policy_models import KEEPS, TOO_INACCURATE, ModelChoice, times_factor, whole_s
from flightready.options.policy_obstacles import FAILURES, LIMITS, PLACES, SERVICE, obstacles
from flightready.options.policy_search import searched
from flightready.options.policy_trial import Bench, Problem, Requirement, Trial, hits, paid_attempts
from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import Client, Limits, Stage, Visit

P95 = Requirement("p95", 0.95, 2.0)


def problem_of(service_s=1.0, *, failure=0.0, servers=None, limit=None, requirements=(P95,), per_second=2.0, **given):
    """Requests that all take the same time, two a second; a month of calls is 1,000, a place 10."""
    rows = np.broadcast_to(np.asarray(service_s, dtype=float), (1,) if np.ndim(service_s) == 0 else np.shape(service_s))
    limits = None
    if limit is not None:
        held = np.ones((rows.size, 1))
        limits = Limits(
            (Rule("requests_per_minute", "Requests a minute", "requests", limit),), held, held, delays=False
        )
    scenario = Scenario(
        (Stage("model", servers),), None, rows[:, None], np.full(rows.size, failure), limits,
        Client(budget_s=requirements[0].within_s), None, requirements[0].within_s,
    )  # fmt: skip
    costs = given.pop("costs", Costs({"": 1_000.0}, per_served_usd=10.0))
    return Problem(scenario, 0, requirements, costs, per_second, seed=1, **given)


def choices_of(present=None, **values):
    present = present or Policy()
    given = {k: getattr(present, k) for k in ("concurrency", "timeout_s", "retries", "cached_share", "tier", "model")}
    return Choices(present, **{k: tuple(values.get(k, (v,))) for k, v in given.items()})


def cheapest(problem, offered, **kwargs):
    return search(Bench(problem), offered.policies(without_limits=problem.without_limits), offered.present, **kwargs)


def test_the_fewest_places_that_keep_the_budget_are_chosen():
    # two a second of one second each keep two places busy: one and two never catch up, eight hardly ever wait
    found = cheapest(problem_of(), choices_of(concurrency=(1, 2, 8, 16)))
    assert found.chosen.policy.concurrency == 8
    assert found.chosen.monthly_usd == 1_000 + 8 * 10
    assert found.chosen.met[0].time_s == pytest.approx(1.0)


def test_the_fewest_retries_that_answer_enough_are_chosen_and_paid():
    # attempts fail one in five: 80, 96 and 99.2 of 100 are answered with 0, 1 and 2 retries; 1.2 attempts with one
    found = cheapest(problem_of(failure=0.2, requirements=(Requirement("p95", 0.95, 10.0),)),
                     choices_of(retries=(0, 1, 2)))  # fmt: skip
    assert found.chosen.policy.retries == 1
    assert found.chosen.met[0].share == pytest.approx(0.96, abs=0.005)
    assert found.chosen.attempts == pytest.approx(1.2, abs=0.03)
    assert found.chosen.monthly_usd == pytest.approx(1_000 * found.chosen.attempts)


def test_a_budget_that_chance_alone_decides_is_left_open():
    # exactly 96 of 100 answered, and 96 asked for
    problem = replace(problem_of(failure=0.2, requirements=(Requirement("p95", 0.96, 10.0),)), seed=2)
    found = cheapest(problem, choices_of(retries=(1,)))
    assert found.chosen is None
    assert [t.state for t in found.undecided] == [State.UNKNOWN]


@pytest.fixture(scope="module")
def mixed():
    """Times that scatter, limits to choose from, a faster model that answers anywhere: nothing is monotone here."""
    service_s = np.random.default_rng(5).lognormal(0.0, 0.6, 300)
    problem = problem_of(
        service_s, failure=0.05, limit=100.0, tiers={"next": {"requests": 1_000.0}}, factors={"fast": 0.4},
        without_limits=("fast",), requirements=(Requirement("p95", 0.95, 3.0), Requirement("p99", 0.97, 8.0)),
        costs=Costs({"": 1_000.0, "fast": 1_600.0}, per_served_usd=10.0, tiers_usd={"next": 400.0}),
    )  # fmt: skip
    offered = choices_of(Policy(concurrency=2, timeout_s=6.0), concurrency=(2, 4, 8), timeout_s=(3.0, 6.0),
                         retries=(0, 1, 2), tier=("", "next"), model=("", "fast"))  # fmt: skip
    return problem, offered


def test_brute_force_over_the_whole_grid_finds_the_same(mixed):
    problem, offered = mixed
    policies = offered.policies(without_limits=("fast",))
    bench = Bench(problem)
    holding = [t for t in map(bench.whole, policies) if t.state is State.PASS]
    best = min(holding, key=lambda t: (t.monthly_usd, changes(t.policy, offered.present), policies.index(t.policy)))
    found = cheapest(problem, offered)
    assert found.chosen == best
    assert found.whole < len(policies) / 2


def test_what_is_called_hopeless_fails(mixed):
    problem, offered = mixed
    bench = Bench(replace(problem, scenario=replace(problem.scenario, limits=None), factors={"fast": 1.6}))
    hopeless = [p for p in offered.policies() if not p.tier and is_hopeless(bench, p)]
    assert hopeless
    assert {bench.whole(p).state for p in hopeless} == {State.FAIL}


def test_more_choices_never_make_the_best_dearer(mixed):
    problem, offered = mixed
    best = np.inf
    for model, tier, concurrency in (
        ((""), (""), (4, 8)),
        ("", ("", "next"), (4, 8)),
        (("", "fast"), ("", "next"), (2, 4, 8)),
    ):
        more = replace(offered, model=tuple(model) or ("",), tier=tuple(tier) or ("",), concurrency=concurrency)
        found = cheapest(problem, more).chosen
        cost = np.inf if found is None else found.monthly_usd
        assert cost <= best
        best = cost
    assert np.isfinite(best)


def test_of_policies_at_one_price_the_one_that_changes_least_is_chosen_in_any_order():
    problem, present = problem_of(), Policy(concurrency=8, timeout_s=20.0)
    offered = choices_of(present, timeout_s=(10.0, 20.0, 30.0), concurrency=(8,))
    policies = offered.policies()
    found = [search(Bench(problem), order, present).chosen for order in (policies, policies[::-1])]
    assert [t.policy for t in found] == [present, present]
    wanted = search(Bench(problem), policies, present, wanted=3).best
    assert len(wanted) == 1  # the others cost as much


IN_THE_WAY = [
    # 5 s of work against 2 s allowed: places and retries change nothing
    ({"service_s": 5.0}, {"concurrency": (10, 20)}, SERVICE, 5.0, (1.9, 2.0)),
    # 30 of 100 attempts fail, nobody tries again, and 95 of 100 have to be answered
    ({"failure": 0.3}, {"concurrency": (20,)}, FAILURES, 0.3, (0.045, 0.055)),
    # 120 a minute come and 60 are allowed
    ({"limit": 60.0}, {"concurrency": (20,)}, LIMITS, 60.0, (100.0, 135.0)),
    # two places would never catch up, M/D/c with three and four waits a little
    ({}, {"concurrency": (1,)}, PLACES, 1.0, (3, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "offered", "key", "now", "then"), IN_THE_WAY, ids=[i[2] for i in IN_THE_WAY])
def test_what_is_in_the_way_is_named_with_what_it_would_have_to_be(given, offered, key, now, then):
    problem = problem_of(**given)
    found = obstacles(problem, choices_of(**offered).policies())
    assert [o.key for o in found] == [key]
    assert found[0].now == now
    assert then[0] <= found[0].then <= then[1]
    assert found[0].met.short > 0
    assert found[0].name == ("Requests a minute" if key == LIMITS else "")


def test_two_things_in_the_way_are_both_named():
    found = obstacles(problem_of(5.0, limit=60.0), choices_of(retries=(0, 1)).policies())
    assert [o.key for o in found] == [LIMITS, SERVICE]


def test_a_model_that_is_too_inaccurate_is_told_and_not_chosen():
    problem = problem_of(5.0, factors={"fast": 0.2}, costs=Costs({"": 1_000.0, "fast": 500.0}))
    offered = choices_of(model=("", "fast"))
    fast = ModelChoice("fast", 1.0, 500.0, False, True, 0.7, Interval(0.68, 0.72), TOO_INACCURATE)
    found = searched(problem, offered, (fast,))
    assert found.chosen is None
    assert found.if_accurate.policy.model == "fast"
    assert [o.key for o in found.obstacles] == [SERVICE]
    allowed = searched(problem, offered, (replace(fast, standing=KEEPS),))
    assert allowed.chosen.policy.model == "fast"
    assert allowed.if_accurate is None
    assert allowed.obstacles == ()
    assert allowed.present.state is State.FAIL


def test_single_changes_are_those_of_the_chosen_policy():
    found = searched(problem_of(), choices_of(Policy(concurrency=2), concurrency=(2, 8, 16)), per_second_middle=0.1)
    assert found.chosen.policy.concurrency == 8
    assert [(t.policy.concurrency, t.state) for t in found.around] == [(2, State.FAIL), (16, State.PASS)]
    assert found.at_middle.policy.concurrency == 2  # a tenth of a second of work each second
    assert found.chosen.monthly.median == found.chosen.monthly_usd


def test_the_frontier_holds_what_no_other_beats():
    trials = [Trial(Policy(retries=k), State.FAIL, (), share, 1.0, usd, 1)
              for k, (usd, share) in enumerate([(5, 0.5), (3, 0.4), (4, 0.4), (5, 0.6), (9, 0.6)])]  # fmt: skip
    assert [t.policy.retries for t in frontier(trials)] == [1, 3]


@pytest.mark.parametrize(("per_second", "chance"), [([0.1, 0.2], 1.0), ([30.0, 40.0], 0.0)])
def test_the_chance_is_that_of_the_load(per_second, chance):
    problem = problem_of([1.0] * 200)
    found, interval = holds_chance(problem, Policy(concurrency=8), np.array(per_second), {})
    assert found == chance
    assert interval.low - 1e-9 <= found <= interval.high + 1e-9
    assert interval.high - interval.low < 0.1


def test_what_upstreams_leave_is_a_part_of_the_chance():
    problem = replace(problem_of([1.0] * 400, failure=0.1), requirements=(Requirement("availability", 0.85, None),))
    half = holds_chance(problem, Policy(), np.array([1.0, 1.0]), {"availability": np.array([0.5, 0.5, 0.99, 0.99])})[0]
    assert half == 0.5


def test_few_traces_without_a_failure_leave_the_chance_open():
    # 99 of 100 have to be answered and none of 60 failed: Beta(.5, 60.5) is below .01 in 73 of 100 cases
    asked = replace(problem_of([1.0] * 60), requirements=(Requirement("availability", 0.99, None),))
    found, _ = holds_chance(asked, Policy(), np.array([1.0, 1.0]), {})
    assert found == pytest.approx(float(stats.beta.cdf(0.01, 0.5, 60.5)), abs=0.17)  # 3 standard errors of 60 draws
    assert holds_chance(asked, Policy(retries=1), np.array([1.0, 1.0]), {})[0] > found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_a_large_load_the_followed_minutes_stand_for_the_hour_with_its_busiest(seed):
    # 20 a second, 41 in the busiest minute, and 25 places: a fifth too few for that minute, so one in thirty waits long
    problem = replace(problem_of(per_second=20.0), peak_minute=2.05, seed=seed)
    policy = Policy(concurrency=30)
    trial = Bench(problem).once(policy)
    assert trial.requests < 72_000
    hours = [
        hits(run(problem.under(policy), 20.0, requests=72_000, seed=seed + k, peak_minute=2.05), 2.0).mean()
        for k in (10, 20)
    ]
    assert 1 - trial.met[0].share == pytest.approx(1 - np.mean(hours), rel=0.2)
    assert 0.01 < 1 - trial.met[0].share < 0.1


def test_another_model_keeps_the_order_of_the_requests():
    base = problem_of([1.0, 2.0, 4.0]).scenario
    factor = times_factor(base, 2.0)
    assert factor == pytest.approx(0.5)  # the slowest of three is its p95
    beside = replace(base, visits=(Visit(0, 0), Visit(0, 0), Visit(0, 1)),
                     service_s=np.array([[1.0, 3.0, 0.5], [2.0, np.nan, 1.0]]))  # fmt: skip
    assert whole_s(beside).tolist() == [3.5, 3.0]


def test_what_was_turned_away_is_not_paid_and_what_the_cache_answers_asks_for_nothing():
    endings = {"answered in time": 70, "failed": 10, "timed out": 16, "rejected": 30, "shed": 4, "cut off": 2}
    found = SimpleNamespace(endings=endings, requests=100, cached=np.arange(100) < 20)
    assert paid_attempts(found) == 96 / 80

"""The section `workload` of assessment.yaml: the load that production will bring, and how it gets there."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator, model_validator

from flightready.assessment.fields import AboveZero, Growth, Period, Ratio, Share, Strict
from flightready.errors import InputError


class Adoption(Strict):
    """Share of the planned users who use it, by months since launch: stated points, or a logistic curve."""

    points: dict[float, Share] | None = Field(
        default=None, description="share by months since launch, such as {1: 10%, 6: 60%, 12: 100%}; straight between"
    )
    half_after: Period | None = Field(default=None, description="months until half of the planned users use it")
    nine_tenths_after: Period | None = Field(default=None, description="months until nine in ten use it")

    @field_validator("points")
    @classmethod
    def _in_time(cls, points: dict[float, Any] | None) -> dict[float, Any] | None:
        if points is not None and (not points or min(points) < 0):
            raise InputError("adoption needs a share for one month or more, from 0 on", valid="{1: 10%, 12: 100%}")
        return None if points is None else dict(sorted(points.items()))

    @model_validator(mode="after")
    def _one_form(self) -> Adoption:
        curve = (self.half_after is not None, self.nine_tenths_after is not None)
        if (self.points is not None) == any(curve) or (any(curve) and not all(curve)):
            raise InputError(
                "adoption is given in one of two forms",
                valid="points: {1: 10%, 12: 100%}, or half_after: 4 months and nine_tenths_after: 9 months",
            )
        if all(curve) and self.half_after.median >= self.nine_tenths_after.median:
            raise InputError("half of the users come after nine tenths of them", valid="half_after < nine_tenths_after")
        return self


class Launch(Strict):
    """More users from one day on: another country, another team; where adoption is stated, they follow it as well."""

    name: str
    after: Period = Field(description="months after the first launch")
    adds: AboveZero = Field(description="users a day")


def _within(most: int, whole: str) -> Any:
    """Refuse a busiest part that is quieter than the mean one, or busier than the whole of them."""

    def check(given: Any) -> Any:
        low, high = given.range90
        if high < 1 or low > most:
            raise InputError(f"a busiest part cannot bring {given.median:g} times the mean one of {whole}",
                             valid=f"1 (all alike) to {most} (all in one)")  # fmt: skip
        return given

    return AfterValidator(check)


_PeakHour = Annotated[Ratio, _within(24, "24 hours")]
_PeakMinute = Annotated[Ratio, _within(60, "60 minutes")]


class Workload(Strict):
    """The load that production will bring."""

    users_per_day: AboveZero | None = Field(default=None, description="users a day when everybody planned uses it")
    requests_per_user: Ratio | None = None
    growth_per_month: Growth | None = None
    peak_to_mean: _PeakHour | None = Field(default=None, description="peak hour over the mean hour of a day")
    peak_minute: _PeakMinute | None = Field(
        default=None, description="busiest minute over the mean minute of the peak hour"
    )
    adoption: Adoption | None = None
    launches: list[Launch] = []
    day_to_day: Share | None = Field(
        default=None, description="how much the requests of one day differ from another's (standard deviation, a share)"
    )

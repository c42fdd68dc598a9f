"""Two classes or prompts with a slider between them, as a hand holds them while a recipe knows only what is seen."""

from dataclasses import dataclass
from typing import Self

from msgspec.structs import replace

from engine.recipe import Condition, Conditions, Latent, Recipe, Stored, conditioned, with_conditions

NONE = Condition()


@dataclass(frozen=True)
class Pair:
    """The second has a share between 0 and 1, the first what is left."""

    first: Condition = NONE
    second: Condition | None = None
    share: float = 0.0

    @property
    def conditions(self) -> Conditions:
        """What a recipe knows of it: what has no share is not there."""
        if self.second is None or self.second == self.first or self.share <= 0:
            return ((self.first, 1.0),)
        if self.share >= 1:
            return ((self.second, 1.0),)
        return ((self.first, round(1 - self.share, 9)), (self.second, self.share))

    def following(self, found: Conditions) -> Self:
        """The pair that a recipe shows, of more than two the heaviest. One without any share is still remembered."""
        kinds = {self.first, self.second}
        if len(found) == 1:
            only = found[0][0]
            return type(self)(self.first, only, 1.0) if self._is_second(only) else type(self)(only, self.second, 0.0)
        heavy = sorted(found, key=lambda part: -abs(part[1]))[:2]
        one, two = (part for part in found if part in heavy)
        if {one[0], two[0]} == kinds and one[0] == self.second:
            one, two = two, one
        total = abs(one[1]) + abs(two[1])
        return type(self)(one[0], two[0], abs(two[1]) / total)

    def _is_second(self, only: Condition) -> bool:
        return only == self.second and only != self.first


def under(latent: Latent, conditions: Conditions) -> Latent:
    """The latent at the same place under these conditions; a picture whose seeds nobody knows gives way to seed 0."""
    if all(isinstance(item.point, Stored) for item in latent.points):
        return conditioned(0, conditions)
    return with_conditions(latent, conditions)


def shown_under(recipe: Recipe, latent: Latent, condition: Condition) -> Recipe:
    """What a small picture of one condition shows: nothing of the recipe but its model and its truncation."""
    found = under(latent, ((condition, 1.0),))
    return replace(Recipe(), model=recipe.model, latent=found, truncation=recipe.truncation)

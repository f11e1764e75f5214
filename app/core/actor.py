"""Who acts: a person with the roles held at units. Plain data, passed to every action."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.states import COVERING_ROLES, Role


@dataclass(frozen=True, slots=True)
class Lent:
    """Whose post a deputy signs in, and by which paper: ids, name, the paper's number."""

    id: int
    staff_id: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Post:
    """A role held at a unit; path lists the unit's ancestors, `/ubnd-tinh/ubnd-huyen/…/`.

    lent: the post is another's, and only signs in that person's name.
    """

    unit_id: str
    role: Role
    path: str
    lent: Lent | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system, with no id) as the rules see one."""

    id: str
    username: str
    name: str
    posts: tuple[Post, ...] = ()
    title: str = ""
    signs_for: tuple[Post, ...] = ()  # leaders' posts, on the days of their papers

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of the roles anywhere."""
        return any(post.role in roles for post in self.posts)

    def post_for(self, role: Role, unit_id: str, path: str) -> Post | None:
        """The posting by which the person holds the role for a unit.

        Heads, approvers and monitors cover the units below theirs; the nearest one counts.
        """
        best: Post | None = None
        for post in self.posts:
            if post.role != role:
                continue
            covers = post.unit_id == unit_id or (
                role in COVERING_ROLES and path.startswith(post.path)
            )
            if covers and (best is None or len(post.path) > len(best.path)):
                best = post
        return best

    @property
    def units(self) -> frozenset[str]:
        """Units where the person holds any role but administrator."""
        return frozenset(p.unit_id for p in self.posts if p.role != Role.ADMIN)

    @property
    def seen_units(self) -> frozenset[str]:
        """Units whose dossiers the person sees: the own ones and those signed for."""
        return self.units | {p.unit_id for p in self.signs_for}

    @property
    def covered_paths(self) -> tuple[str, ...]:
        """Paths whose units below the person sees too."""
        return tuple(sorted({p.path for p in self.posts if p.role in COVERING_ROLES}))

    def units_with(self, *roles: Role) -> tuple[str, ...]:
        """Units where one of the roles is held, each once, in order of posting."""
        return tuple(dict.fromkeys(p.unit_id for p in self.posts if p.role in roles))


SYSTEM = Actor(id="", username="", name="Hệ thống")

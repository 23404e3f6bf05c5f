"""What the scene of `eigenvectors` says, true for every matrix and start vector that it may be given."""

from __future__ import annotations

from explainers.linear_algebra.eigenvectors import FAN, Eigenvectors, complex_words
from scenes.pictures.matrix import short


def both(lesson: Eigenvectors) -> str:
    """The eigenvalues in words: "3 and 1", "1" where they are equal, "1 ± 2i" where they are not real."""
    if lesson.kind == "no line":
        return complex_words(lesson.eigenvalues[0])
    first, second = map(short, lesson.eigenvalues)
    return f"{first} and {second}" if lesson.kind == "two lines" else first


def fan_out(lesson: Eigenvectors) -> str:
    """How many arrows of the fan leave their line."""
    turned = {0: "none leaves its line", FAN: "all leave their line"}.get(
        lesson.fan_turned, f"{lesson.fan_turned} of them leave their line"
    )
    return f"A matrix moves a fan of {FAN} arrows; {turned}."


def sweep(lesson: Eigenvectors) -> str:
    """Where the turning angle says that an arrow keeps its line."""
    if lesson.kind == "no line":
        return "Sweep half a turn: the angle never hits 0° or 180°."
    first, second = lesson.eigenvalues
    level = "zero" if first > 0 else "180°"
    if lesson.kind == "every line":
        return f"Sweep half a turn: the turning angle is {level} all the way."
    if lesson.kind == "one line":
        if first == 0:
            return "Sweep half a turn: every arrow leaves its line but one, which vanishes."
        return f"Sweep half a turn: on one line only the turning angle is {level}."
    if second == 0:
        return f"Sweep half a turn: one arrow {'keeps its line' if first > 0 else 'is reversed'}, one vanishes."
    if first * second < 0:
        return "Sweep half a turn: on one line the angle is 0°, on one 180°."
    if 0 in lesson.line_angles:
        # The line at 0° is met at the end of the sweep too.
        return f"Sweep half a turn: on exactly two lines the turning angle is {level}."
    return f"Sweep half a turn: the turning angle hits {level} exactly twice."


def stretch(lesson: Eigenvectors) -> str:
    """The number that the matrix is along the kept lines."""
    if lesson.kind == "every line":
        return f"Every arrow is an eigenvector: this matrix is just the number {both(lesson)}."
    if lesson.kind == "one line":
        return f"Its only eigenvector: along it the matrix is just a number, {both(lesson)}."
    return f"These are the eigenvectors: there the matrix is just a number, {both(lesson)}."


def redraw_grid(lesson: Eigenvectors) -> str:
    """What the matrix does to the grid that suits it."""
    if lesson.kind == "no line":
        return f"Every line of the grid turns: the eigenvalues are complex, {both(lesson)}."
    if lesson.kind == "every line":
        return f"Any grid will do: every line of it is just multiplied by {both(lesson)}."
    first, second = lesson.eigenvalues
    if lesson.kind == "one line":
        if first == 0:
            return "There is no second line: the whole plane lands on this one."
        return "There is no second line: every other direction is tilted."
    if second == 0:
        return "On a grid along them no line tilts; one direction is flattened."
    verb = "stretches" if min(first, second) >= 1 else "scales"
    return f"On a grid along them the matrix only {verb}; no line tilts."


def check_factors(lesson: Eigenvectors) -> str:
    """Sum and product of the eigenvalues."""
    trace, determinant = short(lesson.linear_map.trace), short(lesson.linear_map.determinant)
    if lesson.kind in ("one line", "every line"):
        return f"Counted twice, the eigenvalue gives the trace {trace} and the determinant {determinant}."
    return f"The eigenvalues add to the trace {trace} and multiply to the determinant {determinant}."


def split(lesson: Eigenvectors) -> str:
    """What a step does to the parts of the start vector."""
    first, second = map(short, lesson.eigenvalues)
    if not lesson.parts.all():
        return f"x lies on one of the lines: each step multiplies it by {second if lesson.parts[1] else first}."
    return f"Split x along unit vectors v₁, v₂: each step multiplies by {first} and {second}."


def apply_again(lesson: Eigenvectors) -> str:
    """Where the powers lead."""
    first, second = lesson.eigenvalues
    if lesson.fate == "turns on":
        return "Apply A again and again: every arrow keeps turning, none settles."
    if lesson.fate == "stays":
        return "Apply A again and again: no arrow leaves its line, none wins."
    if lesson.fate == "vanishes":
        return "One step puts every arrow on this line, the next one erases it."
    if lesson.fate == "swings":
        return f"Two steps multiply every arrow by {short(first**2)}: arrows swing, none leans."
    if lesson.kind == "one line":
        return "Arrows lean to the only line, slower and slower, and never arrive."
    if not lesson.parts[0]:
        fate = "x vanishes at once" if second == 0 else "x stays on its line"
        return f"{fate}; other arrows lean to the line of {short(first)}."
    if second == 0:
        return f"One step puts every arrow on the line of {short(first)}."
    rest = "those on the other line stay" if second > 0 else "the other line keeps its own"
    return f"Arrows close in on the line of {short(first)}; {rest}."


def grow_fibonacci(lesson: Eigenvectors) -> str:
    """The Fibonacci numbers as powers of a matrix."""
    golden = f"the ratio nears {lesson.fibonacci.eigenvalues[0]:.3f}"
    if lesson.fate == "leans":
        return f"Fibonacci's matrix leans to one line too: {golden}."
    return f"By contrast, Fibonacci's matrix leans to a line: {golden}."


def turn_everything(lesson: Eigenvectors) -> str:
    """A rotation keeps no line."""
    return f"A quarter turn turns every arrow: no such line, and λ = {both(lesson.quarter_turn)}."


def sum_up(lesson: Eigenvectors) -> str:
    """The insight, as this matrix shows it."""
    return {
        "two lines": "On these two lines the matrix is just a number.",
        "one line": "On this one line the matrix is just a number.",
        "every line": "No direction is special: this matrix is just a number everywhere.",
        "no line": "There is no real eigenvector: every step turns every arrow.",
    }[lesson.kind]

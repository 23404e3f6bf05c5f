"""What the scene of `eigenvectors` says, true for every matrix and start vector that it may be given."""

from __future__ import annotations

from explainers.linear_algebra.eigenvectors import FAN, Eigenvectors, complex_words
from scenes.pictures.matrix import short
from scenes.stage.language import _, localized
from scenes.stage.text import format_number


def both(lesson: Eigenvectors) -> str:
    """The eigenvalues in words: "3 or 1", "1" where they are equal, "1 ± 2i" where they are not real."""
    if lesson.kind == "no line":
        return localized(complex_words(lesson.eigenvalues[0]))
    first, second = map(short, lesson.eigenvalues)
    return _("{first} or {second}").format(first=first, second=second) if lesson.kind == "two lines" else first


def fan_out(lesson: Eigenvectors) -> str:
    """How many arrows of the fan leave their line."""
    sentence = {
        0: _("A matrix moves a fan of {fan} arrows; none leaves its line."),
        FAN: _("A matrix moves a fan of {fan} arrows; all leave their line."),
    }.get(lesson.fan_turned, _("A matrix moves a fan of {fan} arrows; {turned} of them leave their line."))
    return sentence.format(fan=FAN, turned=lesson.fan_turned)


def sweep(lesson: Eigenvectors) -> str:
    """Where the turning angle says that an arrow keeps its line."""
    if lesson.kind == "no line":
        return _("Sweep half a turn: the angle never hits 0° or 180°.")
    first, second = lesson.eigenvalues
    # Translators: the number; it stands for {level}, as "180°" does.
    level = _("zero") if first > 0 else "180°"
    if lesson.kind == "every line":
        sentence = _("Sweep half a turn: the turning angle is {level} all the way.")
    elif lesson.kind == "one line" and first == 0:
        sentence = _("Sweep half a turn: every arrow leaves its line but one, which vanishes.")
    elif lesson.kind == "one line":
        sentence = _("Sweep half a turn: on one line only the turning angle is {level}.")
    elif second == 0 and first > 0:
        sentence = _("Sweep half a turn: one arrow keeps its line, one vanishes.")
    elif second == 0:
        sentence = _("Sweep half a turn: one arrow is reversed, one vanishes.")
    elif first * second < 0:
        sentence = _("Sweep half a turn: on one line the angle is 0°, on one 180°.")
    elif 0 in lesson.line_angles:
        # The line at 0° is met at the end of the sweep too.
        sentence = _("Sweep half a turn: on exactly two lines the turning angle is {level}.")
    else:
        sentence = _("Sweep half a turn: the turning angle hits {level} exactly twice.")
    return sentence.format(level=level)


def stretch(lesson: Eigenvectors) -> str:
    """The number that the matrix is along the kept lines."""
    if lesson.kind == "every line":
        sentence = _("Every arrow is an eigenvector: this matrix is just the number {value}.")
    elif lesson.kind == "one line":
        sentence = _("Its only eigenvector: along it the matrix is just a number, {value}.")
    else:
        sentence = _("These are the eigenvectors: there the matrix is just a number, {value}.")
    return sentence.format(value=both(lesson))


def redraw_grid(lesson: Eigenvectors) -> str:
    """What the matrix does to the grid that suits it."""
    if lesson.kind == "no line":
        return _("Every line of the grid turns: the eigenvalues are complex, {value}.").format(value=both(lesson))
    if lesson.kind == "every line":
        return _("Any grid will do: every line of it is just multiplied by {value}.").format(value=both(lesson))
    first, second = lesson.eigenvalues
    if lesson.kind == "one line":
        if first == 0:
            return _("There is no second line: the whole plane lands on this one.")
        return _("There is no second line: every other direction is tilted.")
    if second == 0:
        return _("On a grid along them no line tilts; one direction is flattened.")
    if min(first, second) >= 1:
        return _("On a grid along them the matrix only stretches; no line tilts.")
    return _("On a grid along them the matrix only scales; no line tilts.")


def check_factors(lesson: Eigenvectors) -> str:
    """Sum and product of the eigenvalues."""
    if lesson.kind in ("one line", "every line"):
        sentence = _("Counted twice, the eigenvalue gives the trace {trace} and the determinant {determinant}.")
    else:
        sentence = _("The eigenvalues add to the trace {trace} and multiply to the determinant {determinant}.")
    return sentence.format(trace=short(lesson.linear_map.trace), determinant=short(lesson.linear_map.determinant))


def split(lesson: Eigenvectors) -> str:
    """What a step does to the parts of the start vector."""
    first, second = map(short, lesson.eigenvalues)
    if not lesson.parts.all():
        value = second if lesson.parts[1] else first
        return _("x lies on one of the lines: each step multiplies it by {value}.").format(value=value)
    sentence = _("Split x along unit vectors v₁, v₂: each step multiplies by {first} and {second}.")
    return sentence.format(first=first, second=second)


def apply_again(lesson: Eigenvectors) -> str:
    """Where the powers lead."""
    first, second = lesson.eigenvalues
    if lesson.fate == "turns on":
        return _("Apply A again and again: every arrow keeps turning, none settles.")
    if lesson.fate == "stays":
        return _("Apply A again and again: no arrow leaves its line, none wins.")
    if lesson.fate == "vanishes":
        return _("One step puts every arrow on this line, the next one erases it.")
    if lesson.fate == "swings":
        square = short(first**2)
        return _("Two steps multiply every arrow by {square}: arrows swing, none leans.").format(square=square)
    if lesson.kind == "one line":
        return _("Arrows lean to the only line, slower and slower, and never arrive.")
    if not lesson.parts[0] and second == 0:
        sentence = _("x vanishes at once; other arrows lean to the line λ = {value}.")
    elif not lesson.parts[0]:
        sentence = _("x stays on its line; other arrows lean to the line λ = {value}.")
    elif second == 0:
        sentence = _("One step puts every arrow on the line λ = {value}.")
    elif second > 0:
        sentence = _("Arrows close in on the line λ = {value}; those on the other stay.")
    else:
        sentence = _("Arrows close in on the line λ = {value}; the other keeps its own.")
    return sentence.format(value=short(first))


def grow_fibonacci(lesson: Eigenvectors) -> str:
    """The Fibonacci numbers as powers of a matrix."""
    if lesson.fate == "leans":
        sentence = _("Fibonacci's matrix leans to one line too: the ratio nears {golden}.")
    else:
        sentence = _("By contrast, Fibonacci's matrix leans to a line: the ratio nears {golden}.")
    return sentence.format(golden=format_number(lesson.fibonacci.eigenvalues[0], 3))


def turn_everything(lesson: Eigenvectors) -> str:
    """A rotation keeps no line."""
    sentence = _("A quarter turn turns every arrow: no such line, and λ = {value}.")
    return sentence.format(value=both(lesson.quarter_turn))


def sum_up(lesson: Eigenvectors) -> str:
    """The insight, as this matrix shows it."""
    return {
        "two lines": _("On these two lines the matrix is just a number."),
        "one line": _("On this one line the matrix is just a number."),
        "every line": _("No direction is special: this matrix is just a number everywhere."),
        "no line": _("There is no real eigenvector: every step turns every arrow."),
    }[lesson.kind]

from __future__ import annotations

import re

import pytest

from aimsgraph.render.style import DARK, LIGHT, OTHER, STYLES, Scheme, class_of, style_of

STYLED = sorted({style.hue for style in (*STYLES.values(), OTHER)}, key=str)


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_published_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_text_on_every_fill_is_readable_in_light_and_in_dark() -> None:
    assert len(STYLED) == 10
    assert min(contrast(LIGHT.text, hue.fill) for hue in STYLED) >= 4.5
    assert min(contrast(DARK.text, hue.dark_fill) for hue in STYLED) >= 4.5


def test_every_outline_stands_out_from_ground_and_fill() -> None:
    assert min(contrast(hue.outline, LIGHT.ground) for hue in STYLED) >= 3
    assert min(contrast(hue.outline, hue.fill) for hue in STYLED) >= 3
    assert min(contrast(hue.dark_outline, DARK.ground) for hue in STYLED) >= 3
    assert min(contrast(hue.dark_outline, hue.dark_fill) for hue in STYLED) >= 3


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_words_and_arrows_stand_out_from_ground_and_legend(scheme: Scheme) -> None:
    for ground in (scheme.ground, scheme.panel):
        assert contrast(scheme.text, ground) >= 4.5
        assert contrast(scheme.muted, ground) >= 4.5
        assert contrast(scheme.line, ground) >= 3


def test_the_types_of_a_dependency_picture_have_shapes_of_their_own() -> None:
    kinds = "AISystem Model ModelVersion Dataset BusinessProcess AffectedParty Supplier Risk Control Evidence Incident"
    shapes = [style_of(f"aims:{kind}").shape for kind in kinds.split()]
    assert len(set(shapes)) == len(shapes) == 11


def test_a_type_of_the_organisations_own_gets_the_plain_box() -> None:
    assert style_of("acme:Gadget") is OTHER


@pytest.mark.parametrize("curie", ["aims:AISystem", "", "x:a b", 'x:"><script>', "x:é"])
def test_a_class_holds_only_letters_digits_and_hyphens(curie: str) -> None:
    assert re.fullmatch(r"t-[A-Za-z0-9-]+", class_of(curie))

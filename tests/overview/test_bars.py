from apps.overview.charts.bars import draw_parts, draw_share
from apps.stats.intervals import wilson_interval


def test_an_even_share_sits_on_its_mark() -> None:
    drawn = draw_share(wilson_interval(hits=50, of=100), width=108)
    assert drawn.dot == drawn.even == 54
    assert drawn.low < 54 < drawn.high
    assert not drawn.off


def test_a_share_that_leaves_the_mark_out_is_off() -> None:
    assert draw_share(wilson_interval(hits=90, of=100)).off


def test_parts_fill_the_whole_in_order() -> None:
    parts = draw_parts([("much", "f-h4", 50), ("tie", "f-tie", 0), ("both bad", "f-bad", 50)], width=600)
    assert [(part.x, part.width, part.label) for part in parts] == [
        (0, 298, "much 50\u00a0%"),
        (300, 298, "both bad 50\u00a0%"),
    ]


def test_words_that_do_not_fit_are_left_out() -> None:
    parts = draw_parts([("much", "f-h4", 97), ("cannot tell", "f-open", 3)], width=600)
    assert [part.label for part in parts] == ["much 97\u00a0%", ""]


def test_a_name_stands_alone_where_its_share_does_not_fit() -> None:
    parts = draw_parts([("much", "f-h4", 78), ("both bad", "f-bad", 22)], width=358)
    assert [part.label for part in parts] == ["much 78\u00a0%", "both bad"]


def test_nothing_makes_no_parts() -> None:
    assert draw_parts([("much", "f-h4", 0)], width=600) == []

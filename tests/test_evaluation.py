"""Evaluation: figures against hand counts, scikit-learn and plain loops; the error browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from attribution.analysis import Analysis, Reference
from attribution.corpus.annotated import AnnotatedArticle, AnnotatedSentence
from attribution.corpus.gold import to_analysis
from attribution.corpus.plain import parse_plain
from attribution.errors import CorpusError, ModelError
from attribution.evaluation import (
    draw_hidden,
    evaluate,
    format_evaluation,
    names_agency,
    score_hidden,
    write_error_browser,
)
from attribution.evaluation.calibration import BINS
from attribution.evaluation.resampling import draw_weights
from attribution.evaluation.spans import count_pairs
from attribution.labels import COARSE_LABELS, IDENTIFIED, LABELS, MANNERS, coarse_label
from attribution.lexicon import load_lexicon
from attribution.profile import load_profile
from attribution.scoring import score_analysis
from attribution.training.card import headline_rows

HARBOUR = parse_plain(
    """\
fiction: written for training; events and people are invented
id: harbour-cranes
kind: local weekly

unsourced headline | Cranes return to Port Veld

media_outlet #1 named indirect needs | {c According to} {s Orbita News}, two cranes came back.
intelligence_agency #2 named indirect hedged needs | {s Mossad} {c said} so, per {v1 Orbita News}.
intelligence_agency #2 named direct needs via "Orbita News" | “The cranes were never sold.”
unsourced needs | The Mossad moved its office to the harbour last year.
government #3 described mixed | {s A port official} {c called} the return “a relief”.
"""
)


def read_gold(
    article: AnnotatedArticle, changes: dict[int, dict[str, Any]] | None = None
) -> Analysis:
    """Return an analysis that agrees with the gold, but for the changes by sentence."""
    analysis = to_analysis(article)
    sentences = tuple(
        replace(sentence, **(changes or {}).get(sentence.index, {}))
        for sentence in analysis.sentences
    )
    return replace(analysis, sentences=sentences)


def unsourced(probability: float = 1.0) -> dict[str, Any]:
    """Return the changes that make a prediction unsourced."""
    return {
        "label": "unsourced",
        "probabilities": {"government": 1 - probability, "unsourced": probability},
        "manner": None,
        "source": None,
        "source_number": None,
        "cue": None,
        "via": (),
    }


def draw_articles(seed: int, sizes: Sequence[int]) -> tuple[list[AnnotatedArticle], list[Analysis]]:
    """Draw articles at random, with predictions that are right about half the time."""
    rng = np.random.default_rng(seed)
    gold, predicted = [], []
    for number, size in enumerate(sizes):
        sentences, changes = [], {}
        for index in range(size):
            label = str(rng.choice(LABELS, p=[0.06] * 10 + [0.4]))
            attributed = label != "unsourced"
            sentences.append(
                AnnotatedSentence(
                    start=4 * index,
                    end=4 * index + 3,
                    label=label,
                    needs_source=bool(rng.random() < 0.6),
                    source_id=int(rng.integers(3)) if attributed else None,
                    identified=str(rng.choice(IDENTIFIED)) if attributed else None,
                    manner=str(rng.choice(MANNERS)) if attributed else None,
                )
            )
            table = rng.dirichlet(np.ones(len(LABELS)) * 0.3) + 1e-9
            if rng.random() < 0.5:
                table[LABELS.index(label)] += 1
            # Rounded, so that there are ties.
            table = (table / table.sum()).round(2)
            changes[index] = {
                "label": LABELS[int(table.argmax())],
                "probabilities": dict(zip(LABELS, table.tolist(), strict=True)),
                "needs_source": float(rng.random().__round__(1)),
                "source_number": None if rng.random() < 0.2 else int(rng.integers(3)),
            }
        text = " ".join(["abc" if rng.random() < 0.7 else '"b"' for _ in range(size)])
        gold.append(AnnotatedArticle(f"article-{number}", text, tuple(sentences)))
        predicted.append(read_gold(gold[-1], changes))
    return gold, predicted


def flatten(articles: Sequence[Any]) -> list[Any]:
    return [sentence for article in articles for sentence in article.sentences]


corpora = st.builds(
    draw_articles, st.integers(0, 2**32 - 1), st.lists(st.integers(1, 30), min_size=1, max_size=6)
)


def test_the_gold_itself_scores_perfectly() -> None:
    found = evaluate([HARBOUR], [read_gold(HARBOUR)], bootstrap=5, mentions_agency=names_agency)
    for section, figures in found.figures.items():
        for name, figure in figures.items():
            perfect = 0.0 if section == "calibration" else 1.0
            if (section, name) == ("fine", "macro_f1"):  # no label has eight cases here
                assert np.isnan(figure.value)
            else:
                assert figure.value == figure.low == figure.high == perfect, (section, name)
    assert found.labels["intelligence_agency"]["f1"].cases == 2
    assert np.isnan(found.labels["military"]["f1"].value)
    assert np.trace(found.confusion) == found.sentences == 6


def test_figures_by_hand() -> None:
    relay = HARBOUR.sentences[2].via[0]
    official = HARBOUR.sentences[5].source
    assert official is not None
    found = evaluate(
        [HARBOUR],
        [
            read_gold(
                HARBOUR,
                {
                    1: unsourced(0.9) | {"needs_source": 0.2},
                    2: {"manner": "direct", "hedged": 0.4, "via": ()},
                    3: {"via": (Reference(*relay, 1),), "source_number": 4},
                    4: {"label": "intelligence_agency", "source_number": 2},
                    5: {"source": Reference(official[0] + 2, official[1], 3), "cue": None},
                },
            )
        ],
        bootstrap=0,
        mentions_agency=lambda sentence: "The Mossad" in sentence,
    )
    figures = {
        (section, name): figure.value
        for section, entries in found.figures.items()
        for name, figure in entries.items()
    }
    # Gold attributed: 1 2 3 5; predicted: 2 3 4 5.
    assert figures["attributed", "precision"] == 3 / 4
    assert figures["attributed", "recall"] == 3 / 4
    assert figures["attributed", "macro_f1"] == pytest.approx((3 / 4 + 1 / 2) / 2)
    # agency 2/(2+3), outlet 0, other 1, unsourced 1/2
    assert figures["coarse", "macro_f1"] == pytest.approx((4 / 5 + 0 + 1 + 1 / 2) / 4)
    assert figures["fine", "accuracy"] == pytest.approx(4 / 6)
    assert figures["needs_source", "recall"] == 3 / 4
    assert figures["identified", "accuracy"] == 1.0
    assert figures["manner", "accuracy"] == pytest.approx(2 / 3)
    assert figures["hedged", "recall"] == 0.0
    # Source spans: three in the gold, two predicted there, one exact, both overlap.
    assert figures["spans", "source_exact_f1"] == pytest.approx(2 * 1 / (3 + 2))
    assert figures["spans", "source_overlap_f1"] == pytest.approx(2 * 2 / (3 + 2))
    assert figures["spans", "cue_exact_f1"] == pytest.approx(2 * 1 / (3 + 1))
    # Relays: one of two; the carried one is the same words, wherever they stand.
    assert figures["spans", "relay_f1"] == pytest.approx(2 * 1 / (2 + 1))
    # One gold pair (2 and 3), which the prediction parts.
    assert figures["linking", "recall"] == 0.0
    assert found.figures["linking"]["recall"].cases == 1
    assert figures["subjects", "not_agency"] == 0.0
    assert found.figures["subjects"]["not_agency"].cases == 1
    assert ("agencies as mere subject: not labelled agency", "0.000") in headline_rows(
        found.to_dict()
    )
    assert np.isnan(found.figures["attributed"]["f1"].low)


def test_carried_relay_is_told_by_its_words() -> None:
    elsewhere = HARBOUR.text.rfind("Orbita News")
    assert HARBOUR.sentences[3].via == ((elsewhere, elsewhere + 11),)
    first = HARBOUR.text.find("Orbita News")
    same = {3: {"via": (Reference(first, first + 11, 1),)}}
    other = {3: {"via": (Reference(0, 6, 1),)}}
    exact = {2: {"via": (Reference(first, first + 11, 1),)}}
    for changes, value in ((same, 1.0), (other, 0.5), (exact, 0.5)):
        found = evaluate([HARBOUR], [read_gold(HARBOUR, changes)], bootstrap=0)
        assert found.figures["spans"]["relay_f1"].value == value


@settings(max_examples=25, deadline=None)
@given(corpora)
def test_labels_agree_with_scikit_learn(
    corpus: tuple[list[AnnotatedArticle], list[Analysis]],
) -> None:
    gold, predicted = corpus
    found = evaluate(gold, predicted, bootstrap=0)
    truth = [sentence.label for sentence in flatten(gold)]
    guess = [sentence.label for sentence in flatten(predicted)]
    table = metrics.confusion_matrix(truth, guess, labels=LABELS)
    assert found.confusion == tuple(map(tuple, table.tolist()))
    report = metrics.precision_recall_fscore_support(
        truth, guess, labels=LABELS, zero_division=np.nan
    )
    for k, label in enumerate(LABELS):
        for name, column in zip(("precision", "recall", "f1"), report, strict=False):
            assert found.labels[label][name].value == pytest.approx(column[k], nan_ok=True)
        assert found.labels[label]["f1"].cases == report[3][k]
    frequent = [label for label in LABELS if truth.count(label) >= 8]
    assert found.macro_labels == tuple(frequent)
    coarse_truth, coarse_guess = ([coarse_label(name) for name in x] for x in (truth, guess))
    for labels, pair, section in (
        (frequent, (truth, guess), "fine"),
        ([x for x in COARSE_LABELS if x in coarse_truth], (coarse_truth, coarse_guess), "coarse"),
    ):
        if labels:
            wanted = metrics.f1_score(*pair, labels=labels, average="macro", zero_division=0)
            assert found.figures[section]["macro_f1"].value == pytest.approx(wanted)


@settings(max_examples=25, deadline=None)
@given(corpora)
def test_ranks_and_probabilities_agree_with_plain_loops(
    corpus: tuple[list[AnnotatedArticle], list[Analysis]],
) -> None:
    gold, predicted = corpus
    found = evaluate(gold, predicted, bootstrap=0)
    truth, guess = flatten(gold), flatten(predicted)
    needs = [sentence.needs_source for sentence in truth]
    if len(set(needs)) == 2:
        area = metrics.roc_auc_score(needs, [sentence.needs_source for sentence in guess])
        assert found.figures["needs_source"]["auc"].value == pytest.approx(area)
    right = [float(g.label == p.label) for g, p in zip(truth, guess, strict=True)]
    sure = [p.probabilities[p.label] for p in guess]
    error = 0.0
    for k in range(BINS):
        inside = [i for i, c in enumerate(sure) if k / BINS < c <= (k + 1) / BINS]
        error += abs(sum(right[i] - sure[i] for i in inside)) / len(sure)
        assert found.reliability[k].sentences == len(inside)
    assert found.figures["calibration"]["ece"].value == pytest.approx(error)
    brier = [
        sum((p.probabilities[label] - (label == g.label)) ** 2 for label in LABELS)
        for g, p in zip(truth, guess, strict=True)
    ]
    assert found.figures["calibration"]["brier"].value == pytest.approx(np.mean(brier))


@settings(max_examples=25, deadline=None)
@given(corpora)
def test_recall_at_precision_tries_every_threshold(
    corpus: tuple[list[AnnotatedArticle], list[Analysis]],
) -> None:
    gold, predicted = corpus
    rows = [
        (g.attributed, p.p_attributed)
        for article, analysis in zip(gold, predicted, strict=True)
        for g, p in zip(article.sentences, analysis.sentences, strict=True)
        if '"' not in article.text[g.start : g.end]
    ]
    attributed = sum(true for true, _ in rows)
    best, best_threshold = 0.0, None
    for threshold in {p for _, p in rows}:
        taken = [true for true, p in rows if p >= threshold]
        if sum(taken) / len(taken) >= 0.9 and attributed and sum(taken) / attributed > best:
            best, best_threshold = sum(taken) / attributed, threshold
    found = evaluate(gold, predicted, bootstrap=0)
    figure = found.figures["unquoted"]["recall_at_precision"]
    assert figure.cases == attributed
    if attributed:
        assert figure.value == pytest.approx(best)
    if best_threshold is None:
        assert found.unquoted_threshold is None
    else:
        kept = [true for true, p in rows if p >= (found.unquoted_threshold or 2)]
        assert sum(kept) == round(best * attributed) and sum(kept) / len(kept) >= 0.9


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ('He said "no".', True),
        ("He called it «over» in May.", True),
        ("‘No,’ he said.", True),
        ("It will not happen again.’", True),
        ("The agency's view is the officials' claim.", False),
        ("The agency’s view is the officials’ claim.", False),
    ],
)
def test_what_counts_as_a_quotation_mark(words: str, quoted: bool) -> None:
    sentence = AnnotatedSentence(0, len(words), "government", source_id=1)
    article = AnnotatedArticle("one", words, (sentence,))
    found = evaluate([article], [read_gold(article)], bootstrap=0)
    assert found.figures["unquoted"]["recall"].cases == (0 if quoted else 1)


def claims(*attributed: bool) -> AnnotatedArticle:
    lines = [
        f"government #{n} named indirect needs | {{s Minister {n}}} {{c said}} so."
        if said
        else "unsourced needs | It rained."
        for n, said in enumerate(attributed)
    ]
    return parse_plain("\n".join(["id: claims", "", *lines]))


def test_scores_against_those_of_the_annotation() -> None:
    half, short = claims(*[True, False] * 5), claims(True)
    lost = {index: unsourced() for index in range(0, 10, 2)}
    intervals = {"quantiles": {"low": -10.0, "high": 20.0}}
    found = evaluate(
        [half, half, short],
        [read_gold(half), read_gold(half, lost), read_gold(short)],
        bootstrap=10,
        intervals=intervals,
    )
    score = score_analysis(to_analysis(half), load_profile("default")).value
    assert score is not None and score > 40.0
    figures = found.figures["score"]
    assert figures["mean_absolute_error"].value == pytest.approx(score / 2)
    assert figures["bias"].value == pytest.approx(-score / 2)
    assert figures["interval_coverage"].value == 0.5
    assert figures["interval_width"].value == pytest.approx((30.0 + 20.0) / 2)  # from 0 up
    assert {figure.cases for figure in figures.values()} == {2}  # the third is too short
    assert "interval coverage" in format_evaluation(found)
    bare = evaluate([half], [read_gold(half)], bootstrap=0, intervals={}).figures["score"]
    assert list(bare) == ["bias", "mean_absolute_error"]
    assert "score" not in evaluate([half], [read_gold(half)], bootstrap=0).to_dict()


numbers = st.one_of(st.none(), st.integers(0, 3))


@given(st.lists(st.tuples(numbers, numbers), max_size=12))
def test_pairs_agree_with_counting_them_one_by_one(rows: list[tuple[int | None, ...]]) -> None:
    gold, found = [row[0] for row in rows], [row[1] for row in rows]
    joined = [
        (gold[i] is not None and gold[i] == gold[j], found[i] is not None and found[i] == found[j])
        for i, j in combinations(range(len(rows)), 2)
    ]
    assert count_pairs(gold, found) == (
        sum(a and b for a, b in joined),
        sum(a for a, _ in joined),
        sum(b for _, b in joined),
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_resample_is_the_evaluation_of_its_articles(seed: int) -> None:
    gold, predicted = draw_articles(seed, [7, 12, 3, 20])
    found = evaluate(gold, predicted, bootstrap=1, seed=seed)
    drawn = draw_weights(len(gold), 1, seed)[1].astype(int)
    again = [number for number, times in enumerate(drawn) for _ in range(times)]
    plain = evaluate([gold[n] for n in again], [predicted[n] for n in again], bootstrap=0)
    for section, figures in found.figures.items():
        for name, figure in figures.items():
            if (section, name) in (("fine", "macro_f1"), ("coarse", "macro_f1")):
                continue  # which labels they run over is settled on the whole sample
            # One resample: both ends of the interval are its value.
            wanted = plain.figures[section][name].value
            assert figure.low == pytest.approx(wanted, nan_ok=True), (section, name)


def test_intervals_hold_the_value_and_depend_on_the_seed_alone() -> None:
    gold, predicted = draw_articles(3, [15] * 30)
    first, again, other = (evaluate(gold, predicted, bootstrap=200, seed=s) for s in (1, 1, 2))
    assert first.to_dict() == again.to_dict() != other.to_dict()
    figure = first.figures["attributed"]["macro_f1"]
    assert figure.low < figure.value < figure.high
    assert other.figures["attributed"]["macro_f1"].value == figure.value


def test_breakdowns_and_baselines() -> None:
    real = replace(HARBOUR, id="real", meta={"corpus": "gazette", "kind": "metro daily"})
    gold = [HARBOUR, real]
    found = evaluate(gold, [read_gold(HARBOUR), read_gold(real, {1: unsourced()})], bootstrap=0)
    corpus = {group.name: group for group in found.breakdowns["corpus"]}
    assert corpus["authored"].recall.value == 1.0
    assert corpus["gazette"].recall.value == 3 / 4
    assert corpus["gazette"].accuracy.value == pytest.approx(5 / 6)
    manner = {group.name: group for group in found.breakdowns["manner"]}
    assert set(manner) == set(MANNERS)
    assert manner["indirect"].recall.value == 3 / 4
    assert found.breakdowns["kind"][0].accuracy.cases == 6
    baselines = found.baselines
    assert baselines["always_attributed"]["attributed"]["precision"].value == pytest.approx(4 / 6)
    assert baselines["always_attributed"]["fine"]["accuracy"].value == pytest.approx(2 / 6)
    # Two unsourced and two agency sentences an article: the earlier label of equals.
    assert baselines["most_frequent"]["fine"]["accuracy"].value == pytest.approx(2 / 6)
    # "According to", "said"; not "wrote" in a sentence already counted, not "called".
    assert baselines["keywords"]["attributed"]["recall"].value == 2 / 4
    assert baselines["keywords"]["attributed"]["precision"].value == 1.0


def test_no_breakdown_by_a_key_that_no_article_has() -> None:
    found = evaluate([HARBOUR], [read_gold(HARBOUR)], bootstrap=0, keys=("region", "kind"))
    assert list(found.breakdowns) == ["kind", "manner", "identified"]


def test_names_agency_knows_names_not_any_capital() -> None:
    assert names_agency("Mossad has moved its office to the harbour.")
    assert not names_agency("The Port Authority has moved its office.")
    assert not names_agency(" ")


def test_drawn_ids_are_a_share_of_services_and_outlets() -> None:
    kinds = {entity.id: entity.kind for entity in load_lexicon().entities if not entity.person}
    some, more = draw_hidden(0.2), draw_hidden(0.4)
    assert some < more < draw_hidden(1.0)
    assert {kinds[name] for name in some} == {"intelligence_agency", "media_outlet"}
    assert 0.35 < len(more) / len(draw_hidden(1.0)) < 0.45
    assert draw_hidden(0.2) == some != draw_hidden(0.2, seed=1)


def test_sentences_that_name_a_hidden_body() -> None:
    mossad = {"israel-mossad"}
    informed = read_gold(HARBOUR)
    predicted = read_gold(HARBOUR, {2: unsourced(), 4: {"label": "government"}})
    found = score_hidden([HARBOUR], [predicted], [informed], mossad, bootstrap=0)
    # The sentence that carries the source on does not name it.
    assert {name: (figure.value, figure.cases) for name, figure in found.items()} == {
        "source_attributed": (0.0, 1),
        "source_attributed_informed": (1.0, 1),
        "source_label_right": (0.0, 1),
        "source_label_right_informed": (1.0, 1),
        "subject_unsourced": (0.0, 1),
        "subject_unsourced_informed": (1.0, 1),
    }


def test_what_does_not_match_is_refused_with_the_article() -> None:
    analysis = read_gold(HARBOUR)
    shifted = read_gold(HARBOUR, {2: {"end": HARBOUR.sentences[2].end - 1}})
    shorter = replace(analysis, sentences=analysis.sentences[:-1])
    changed = replace(HARBOUR, text=HARBOUR.text.replace("Mossad", "Massod"))
    for gold, predicted in (
        ([HARBOUR], [shifted]),
        ([HARBOUR], [shorter]),
        ([changed], [analysis]),
    ):
        with pytest.raises(CorpusError, match="harbour-cranes"):
            evaluate(gold, predicted)
    with pytest.raises(CorpusError, match="2 annotated articles, but 1"):
        evaluate([HARBOUR, HARBOUR], [analysis])
    with pytest.raises(CorpusError, match="no annotated sentence"):
        evaluate([], [])
    with pytest.raises(ModelError, match="rumour"):
        evaluate([HARBOUR], [read_gold(HARBOUR, {1: {"label": "rumour"}})])


def test_report_and_json_hold_up_when_there_is_nothing_to_measure() -> None:
    bare = AnnotatedArticle("bare", "Rain fell.", (AnnotatedSentence(0, 10, "unsourced"),))
    found = evaluate([bare], [read_gold(bare)], bootstrap=3, mentions_agency=names_agency)
    record = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert record["attributed"]["recall"]["value"] is None
    assert record["unquoted_threshold"] is None
    assert "nan" not in format_evaluation(found)


def test_report_is_80_columns_wide() -> None:
    gold, predicted = draw_articles(5, [40] * 30)
    gold = [
        replace(article, meta={"kind": f"a genre with quite a long name, number {number}"})
        for number, article in enumerate(gold)
    ]
    found = evaluate(gold, predicted, bootstrap=20, mentions_agency=lambda sentence: True)
    report = format_evaluation(found)
    assert max(len(line) for line in report.splitlines()) <= 80
    for name in (*LABELS, *found.baselines, "linking", "recall at precision 0.90", "and 18 more"):
        assert name.replace("always_", "always ") in report or name.replace("_", " ") in report
    value = found.to_dict()["attributed"]["macro_f1"]["value"]
    assert f"{found.figures['attributed']['macro_f1'].value:.3f}" in report
    assert "agencies as mere subject" in report and "not labelled agency" in report
    assert value == round(value, 4)


def test_error_browser_shows_the_wrong_sentences_alone(tmp_path: Path) -> None:
    path = tmp_path / "errors.html"
    assert write_error_browser([HARBOUR], [read_gold(HARBOUR)], path) == 0
    official = HARBOUR.sentences[5].source
    assert official is not None
    predicted = read_gold(
        HARBOUR,
        {
            1: unsourced(0.7),
            3: {"via": ()},
            5: {"source": Reference(official[0] + 2, official[1], 3)},
        },
    )
    weights = {1: [("cue:according to", -0.25)]}
    count = write_error_browser(
        [HARBOUR], [predicted], path, explain=lambda _, index: weights.get(index, [])
    )
    page = path.read_text(encoding="utf-8")
    assert count == 3 == page.count("<article>")
    for words in (
        "media_outlet → unsourced (1)",
        "harbour-cranes, sentence 1",
        '<mark class="source" title="source">Orbita News</mark>',
        '<mark class="source" title="source">port official</mark>',
        "via Orbita News, named elsewhere",
        "0.700",
        "cue:according to",
        "-0.250",
        "other source span (1)",
        "other relays (1)",
    ):
        assert words in page, words
    assert "sentence 2<" not in page
    assert "http://" not in page and "https://" not in page and "<script" not in page


def test_error_browser_escapes_what_articles_say(tmp_path: Path) -> None:
    words = 'He said <script>alert("1")</script> & left.'
    sentence = AnnotatedSentence(0, len(words), "government", source_id=1, source=(0, 2))
    article = AnnotatedArticle("<b>id</b>", words, (sentence,))
    write_error_browser([article], [read_gold(article, {0: unsourced()})], tmp_path / "e.html")
    page = (tmp_path / "e.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<b>" not in page
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; left." in page
    assert [file.name for file in tmp_path.iterdir()] == ["e.html"]

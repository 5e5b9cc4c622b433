"""The model card: what a model was trained on, how well it does, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attribution.labels import LABELS
from attribution.model import Model

_RISKS = """\
## Limits and risks

- English news only. The real training articles are US politics of 2015-16 (PolNeAR's training
  split); everything else was written for training by a language model and checked by one. Figures
  on written articles say little about real ones.
- Labels of real sentences are ours, machine-annotated by the guidelines, not PolNeAR's. PolNeAR's
  texts carry no licence: this repository holds none of them, and the model keeps of them only
  ordinary words and pairs of words that five or more articles share, hashed conjunctions, weights.
- The figures above are somewhat generous: penalties, weights, the pooling of types and the linking
  rules were chosen on these same articles. The shipped taggers are the mean of the folds',
  the figures are of single ones.
- The sourcing score measures how far a reader can see where claims come from. It never says that
  an article is true.
- `intelligence_agency`, `military` and `document` rest on few real cases.
"""


def write_card(
    model: Model,
    metrics: Mapping[str, Mapping[str, Any]],
    spans_by_month: Mapping[str, Any] | None = None,
) -> str:
    """Return the card as Markdown; every figure comes from the cross-fitted analyses.

    Parameters
    ----------
    metrics : mapping of str to mapping
        The evaluations, by corpus.
    spans_by_month : mapping, optional
        What `measure_by_month` found.
    """
    meta = model.meta
    lines = [
        f"# Model `{model.name}`",
        "",
        f"Version {model.version}, trained {meta['date']} by `attribution train --recipe "
        f"{meta['recipe']}`.",
        "",
        "Arrays and JSON only: loading it runs no code. Two linear-chain CRFs find source, cue and",
        "relays; multinomial logistic regressions label, with calibrated probabilities.",
        "",
        "## Training data",
        "",
        *(
            f"- {meta['articles'][kind]} {kind} articles, {meta['sentences'][kind]} sentences"
            for kind in ("real", "written")
        ),
        "",
        f"## How well it does: {meta['folds']}-fold cross-fitting, grouped by article",
        "",
        "Every figure is out of fold: no model saw the article it is judged on. Brackets are 95 %",
        "percentile bootstrap intervals over articles.",
        "",
    ]
    for corpus, report in metrics.items():
        lines += _corpus_section(corpus, report)
    if spans_by_month is not None:
        lines += _spans_section(spans_by_month)
    lines += _interval_section(model)
    return "\n".join([*lines, _RISKS])


def _corpus_section(corpus: str, report: Mapping[str, Any]) -> list[str]:
    lines = [f"### On {corpus} articles", "", "| measure | value |", "| --- | --- |"]
    lines += [f"| {name} | {value} |" for name, value in headline_rows(report)]
    lines += ["", "| label | precision | recall | F1 | cases |", "| --- | --- | --- | --- | --- |"]
    for label in LABELS:
        row = report["labels"][label]
        figures = (_figure(row[key]) for key in ("precision", "recall", "f1"))
        lines.append(f"| `{label}` | {' | '.join(figures)} | {row['f1']['cases']} |")
    return [*lines, ""]


_HEADLINES = (
    ("attributed or not, macro-F1", "attributed", "macro_f1"),
    ("attributed: precision", "attributed", "precision"),
    ("attributed: recall", "attributed", "recall"),
    ("four coarse labels, macro-F1", "coarse", "macro_f1"),
    ("eleven labels, macro-F1 over those with 8 or more cases", "fine", "macro_f1"),
    ("eleven labels, accuracy", "fine", "accuracy"),
    ("expected calibration error of the label given", "calibration", "ece"),
    ("needs_source, F1", "needs_source", "f1"),
    ("identified, accuracy", "identified", "accuracy"),
    ("hedged, F1", "hedged", "f1"),
    ("manner, accuracy", "manner", "accuracy"),
    ("source span, exact F1", "spans", "source_exact_f1"),
    ("source span, overlap F1", "spans", "source_overlap_f1"),
    ("relays, F1", "spans", "relay_f1"),
    ("linking, pairwise F1", "linking", "f1"),
    ("no quotation marks: recall at precision 0.90", "unquoted", "recall_at_precision"),
    ("agencies as mere subject: not labelled agency", "subjects", "not_agency"),
)


def headline_rows(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headline figures of an evaluation as (name, figure with interval)."""
    rows = [
        (name, _figure(report[section][key]))
        for name, section, key in _HEADLINES
        if key in report.get(section, {})
    ]
    for name, sections in sorted(report["baselines"].items()):
        label = f"baseline {name.replace('_', ' ')}: attributed or not, macro-F1"
        rows.append((label, _figure(sections["attributed"]["macro_f1"])))
    return rows


def _figure(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return "-"
    if figure.get("low") is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


_SPAN_COLUMNS = (
    ("source", "overlap_f1"),
    ("source", "exact_f1"),
    ("cue", "overlap_f1"),
    ("cue", "exact_f1"),
)


def _spans_section(found: Mapping[str, Any]) -> list[str]:
    lines = [
        "## PolNeAR's own spans, last two months held out",
        "",
        f"The first tagger, trained once more on the {found['trained_on']} articles of the earlier",
        "months, against PolNeAR's own annotation of sources and cues, before any label of ours:",
        "F1 over all spans; an overlap is one character or more in common.",
        "",
        "| month | articles | source, overlap | source, exact | cue, overlap | cue, exact |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in {**found["months"], "together": found["together"]}.items():
        figures = " | ".join(_figure(row[kind][key]) for kind, key in _SPAN_COLUMNS)
        lines.append(f"| {name} | {row['articles']} | {figures} |")
    return [*lines, ""]


def _interval_section(model: Model) -> list[str]:
    if not model.intervals:
        return []
    quantiles = model.intervals["quantiles"]
    return [
        "## The score's interval",
        "",
        f"Nominal {model.intervals['nominal']:.0%}, from {model.intervals['articles']} articles' "
        f"out-of-fold errors: {quantiles['low']:+.1f} to {quantiles['high']:+.1f} points; mean "
        f"absolute error {model.intervals['mean_absolute_error']:.1f}.",
        "",
    ]

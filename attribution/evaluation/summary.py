"""An evaluation as plain text, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from attribution.evaluation.breakdowns import Group
from attribution.evaluation.details import PRECISION
from attribution.evaluation.resampling import Figure
from attribution.evaluation.result import Evaluation
from attribution.labels import LABELS

#: Rows of a breakdown that are printed; the rest is in `Evaluation.to_dict`.
GROUP_ROWS = 12
_NAME = 40
#: Column heads of the confusion matrix, in label order.
_SHORT = ("int", "med", "gov", "mil", "law", "org", "exp", "doc", "ind", "unid", "uns")
_TITLES = {
    "attributed": "attributed or not",
    "coarse": "four coarse labels",
    "fine": "eleven labels",
    "calibration": "calibration of the label given",
    "needs_source": "needs_source",
    "identified": "identified",
    "hedged": "hedged",
    "manner": "manner",
    "spans": "spans in attributed sentences",
    "unquoted": "attributed, where no quotation mark is",
    "linking": "linking: pairs that share a source",
    "subjects": "agencies as mere subject",
    "score": "sourcing score in points, against the annotation's",
    "hidden": "services and outlets hidden",
}
_WORDS = {
    "not_agency": "not labelled agency",
    "unsourced": "rightly left unsourced",
    "source_attributed": "named as source: attributed",
    "source_attributed_informed": "  the same, nothing hidden",
    "source_label_right": "named as source: label right",
    "source_label_right_informed": "  the same, nothing hidden",
    "subject_unsourced": "named in unsourced: left unsourced",
    "subject_unsourced_informed": "  the same, nothing hidden",
}


def format_evaluation(evaluation: Evaluation) -> str:
    """Return the figures as plain text: sections, labels, confusion, breakdowns, baselines."""
    parts = (
        _header(evaluation),
        _sections(evaluation),
        _labels(evaluation),
        _confusion(evaluation),
        _reliability(evaluation),
        _breakdowns(evaluation),
        _baselines(evaluation),
    )
    return "".join(f"{line.rstrip()}\n" for part in parts for line in part)


def _header(evaluation: Evaluation) -> Iterator[str]:
    yield f"{evaluation.articles} articles, {evaluation.sentences} sentences"
    resamples = evaluation.bootstrap
    if resamples:
        yield f"95 % intervals: {resamples} resamples of articles, seed {evaluation.seed}"


def _sections(evaluation: Evaluation) -> Iterator[str]:
    for section, figures in evaluation.figures.items():
        yield ""
        yield f"{_TITLES[section]:<{_NAME + 4}}value    interval         cases"
        for name, figure in figures.items():
            yield _row(_words(name), figure)
        if section == "unquoted" and evaluation.unquoted_threshold is not None:
            yield f"  (threshold {evaluation.unquoted_threshold:.4f})"


def _words(name: str) -> str:
    if name == "recall_at_precision":
        return f"recall at precision {PRECISION:.2f}"
    return _WORDS.get(name, name.replace("_", " "))


def _row(name: str, figure: Figure) -> str:
    value, interval = _number(figure.value), _interval(figure)
    return f"  {_cut(name):<{_NAME + 2}}{value}    {interval:<13}  {figure.cases:>6}"


def _interval(figure: Figure) -> str:
    if not isfinite(figure.low):
        return ""
    return f"{_number(figure.low)} - {_number(figure.high)}"


def _number(value: float) -> str:
    return f"{value:.3f}" if isfinite(value) else "  -  "


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _labels(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    yield f"{'label':<24}precision   recall       f1    f1 interval      support"
    for label, figures in evaluation.labels.items():
        precision, recall, f1 = (figures[name] for name in ("precision", "recall", "f1"))
        mark = " " if label in evaluation.macro_labels else "*"
        yield (
            f"  {label:<20}{mark}     {_number(precision.value)}    {_number(recall.value)}"
            f"    {_number(f1.value)}    {_interval(f1):<13}    {f1.cases:>6}"
        )
    if len(evaluation.macro_labels) < len(LABELS):
        yield "  * too few gold cases: left out of the macro-F1"


def _confusion(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    yield f"{'gold (rows), predicted':<22}" + "".join(f"{name:>5}" for name in _SHORT)
    for label, row in zip(LABELS, evaluation.confusion, strict=True):
        yield f"  {label:<20}" + "".join(f"{count or '.':>5}" for count in row)


def _reliability(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    yield "probability of the label   sentences   mean probability   share right"
    for row in evaluation.reliability:
        if row.sentences:
            yield (
                f"  {row.low:.3f} - {row.high:.3f}          {row.sentences:>9}"
                f"              {row.confidence:.3f}         {row.accuracy:.3f}"
            )


def _breakdowns(evaluation: Evaluation) -> Iterator[str]:
    for key, groups in evaluation.breakdowns.items():
        yield ""
        yield f"{'by ' + key:<{_NAME + 4}}recall   label right   sentences"
        for group in groups[:GROUP_ROWS]:
            yield _group(group)
        if len(groups) > GROUP_ROWS:
            yield f"  and {len(groups) - GROUP_ROWS} more"


def _group(group: Group) -> str:
    return (
        f"  {_cut(group.name):<{_NAME + 2}}{_number(group.recall.value)}"
        f"    {_number(group.accuracy.value)}          {group.accuracy.cases:>6}"
    )


def _baselines(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    yield f"{'baselines':<22}attr. P     R    F1   macro   coarse macro   fine macro"
    ours = {name: evaluation.figures[name] for name in ("attributed", "coarse", "fine")}
    for name, sections in {"this model": ours, **evaluation.baselines}.items():
        binary = sections["attributed"]
        yield (
            f"  {name.replace('_', ' '):<20}  {_number(binary['precision'].value)}"
            f" {_number(binary['recall'].value)} {_number(binary['f1'].value)}"
            f"   {_number(binary['macro_f1'].value)}"
            f"          {_number(sections['coarse']['macro_f1'].value)}"
            f"        {_number(sections['fine']['macro_f1'].value)}"
        )

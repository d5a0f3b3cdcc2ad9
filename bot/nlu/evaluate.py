"""`python -m bot.nlu.evaluate`: the figures of a trained model, through Rasa's own parse.

Runs in Rasa's environment. Exit status 0 all floors hold, 1 a figure fell below its floor, 2 bad
input (no model, no data).
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import no_tensorflow
from bot.nlu import groups
from qiq import knowledge
from qiq.evaluate import dataset, entities, errors, floors, metrics, picture, report
from qiq.evaluate.dataset import Row
from qiq.evaluate.metrics import Found, Parsed
from qiq.text import noise

SECTIONS = {
    "mail": "email", "web": "website", "dns": "domain and account",
    "account": "domain and account", "scope": "scope", "talk": "conversation",
    "other": "out of scope",
}  # fmt: skip
OWN_ENTITIES = Path("tests/nlu/entities.jsonl")
HELD_OUT = Path("tests/nlu/heldout.yml")


class RasaParser:
    """A trained model in this process, asked as ``/model/parse`` asks it."""

    def __init__(self, model: Path) -> None:
        """Load. Raises FileNotFoundError naming the fix."""
        if not model.exists():
            raise FileNotFoundError(f"{model} does not exist: train one with `make train`.")
        _quiet()
        from rasa.core.agent import Agent

        self._agent = Agent.load(str(model))

    def parse_all(self, texts: Sequence[str]) -> list[Parsed]:
        """Parse one text after the other, each timed."""
        return asyncio.run(self._parse_all(texts))

    async def _parse_all(self, texts: Sequence[str]) -> list[Parsed]:
        return [await self._parse(text) for text in texts]

    async def _parse(self, text: str) -> Parsed:
        started, spent = time.perf_counter(), time.process_time()
        answer = await self._agent.parse_message(text)
        took = (time.perf_counter() - started) * 1000
        spent = (time.process_time() - spent) * 1000
        found = tuple(Found(e["entity"], e["start"], e["end"]) for e in answer["entities"])
        intent = answer["intent"]
        return Parsed(
            intent["name"] or "nlu_fallback", float(intent["confidence"]), found, took, spent
        )


def _quiet() -> None:
    import logging
    import warnings

    import structlog

    warnings.filterwarnings("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def group_of_intent() -> dict[str, str]:
    """Intent -> mail, web, dns, account or other."""
    other = ("scope", "talk", "other")
    return {i: "other" if g in other else g for i, g in groups.of_intent().items()}


def section_of_intent() -> dict[str, str]:
    """Intent -> the section of the taxonomy it belongs to."""
    return {intent: SECTIONS[group] for intent, group in groups.of_intent().items()}


@dataclass(frozen=True)
class Messages:
    """What is measured on: ``rows`` of real people; ``own`` with every entity labelled; ``held``
    out of the training of our own."""

    rows: list[Row]
    own: list[Row]
    held: list[Row]


def measure(parser: RasaParser, messages: Messages, drawn: Path | None) -> dict[str, float]:
    """Print the tables and return every single figure by its name in the floors file."""
    rows = messages.rows
    parser.parse_all([row.text for row in rows[:20]])  # warm
    parsed = parser.parse_all([row.text for row in rows])
    group = group_of_intent()
    print(report.intents(metrics.per_intent(rows, parsed)), end="\n\n")
    sections = metrics.by_section(rows, parsed, section_of_intent())
    print(report.sections(sections), end="\n\n")
    print("worst misses\n" + report.misses(rows, parsed), end="\n\n")
    figures = {
        "accuracy": metrics.accuracy(rows, parsed),
        "group accuracy": metrics.group_accuracy(rows, parsed, group),
        "out of scope taken for complaint": metrics.taken_for_complaint(rows, parsed, group),
        "calibration error": metrics.calibration_error(rows, parsed),
        "fallback share": sum(p.intent == "nlu_fallback" for p in parsed) / len(parsed),
    }
    figures.update({f"accuracy {name}": share for name, (share, _) in sections.items()})
    figures.update(_noise(parser, rows, figures["accuracy"]))
    figures.update(_entities(parser, rows, parsed, messages.own))
    figures.update(_held_out(parser, messages.held))
    figures["errors named"] = errors.measure(knowledge.load(), rows).share
    figures["parse p50 ms"] = metrics.percentile([p.ms for p in parsed], 0.5)
    figures["parse p50 processor ms"] = metrics.percentile([p.cpu_ms for p in parsed], 0.5)
    figures["parse p95 ms"] = metrics.percentile([p.ms for p in parsed], 0.95)
    figures["memory MB"] = _memory()
    if drawn:
        picture.draw(metrics.confusion(rows, parsed), drawn)
    return figures


def _noise(parser: RasaParser, rows: list[Row], clean: float) -> dict[str, float]:
    figures = {}
    for name, spoil in noise.KINDS.items():
        rng = random.Random(11)  # noqa: S311 - reproducible noise, no secret
        parsed = parser.parse_all([spoil(row.text, rng) for row in rows])
        figures[f"lost to {name}"] = clean - metrics.accuracy(rows, parsed)
    return figures


def _entities(
    parser: RasaParser, rows: list[Row], parsed: list[Parsed], own: list[Row]
) -> dict[str, float]:
    found, labels = entities.labelled_found(rows, parsed)
    own_parsed = parser.parse_all([row.text for row in own])
    own_found, own_labels = entities.labelled_found(own, own_parsed)
    false, finds = entities.false_finds(own, own_parsed)
    return {
        "entities found": found / max(labels, 1),
        "entities found (own)": own_found / max(own_labels, 1),
        "entities false (own)": false / max(finds, 1),
    }


def _held_out(parser: RasaParser, held: list[Row]) -> dict[str, float]:
    parsed = parser.parse_all([row.text for row in held])
    return {
        "accuracy (held out)": metrics.accuracy(held, parsed),
        "calibration error (held out)": metrics.calibration_error(held, parsed),
    }


def _memory() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def main(arguments: list[str] | None = None) -> int:
    """Run; see the module's text for the exit status."""
    options = _options(arguments)
    no_tensorflow.install()
    try:
        rows = dataset.load(dataset.find(options.data))
        own, held = dataset.load(OWN_ENTITIES), dataset.load_held_out(HELD_OUT)
        parser = RasaParser(Path(options.model))
        stock = RasaParser(Path(options.stock)) if options.stock else None
    except (dataset.DatasetError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    drawn = Path(options.picture) if options.picture else None
    figures = measure(parser, Messages(rows, own, held), drawn)
    if stock:
        stock.parse_all([row.text for row in rows[:20]])
        parsed = stock.parse_all([row.text for row in rows])
        figures["other model accuracy"] = metrics.accuracy(rows, parsed)
        figures["other model p50 ms"] = metrics.percentile([p.ms for p in parsed], 0.5)
    print(report.figures(figures))
    said = [] if options.no_floors else floors.broken(Path("tests/floors.yml"), figures)
    print("\n".join(f"BELOW FLOOR: {sentence}" for sentence in said))
    return 1 if said else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="qiq evaluate", description=__doc__)
    parser.add_argument("--data", help=f"labelled messages (else ${dataset.ENVIRONMENT})")
    parser.add_argument("--model", default="models/qiq.tar.gz", help="trained Rasa model")
    parser.add_argument("--stock", help="another trained model, timed in the same run")
    parser.add_argument("--picture", help="write the confusion picture (PNG) here")
    parser.add_argument("--no-floors", action="store_true", help="print the figures only")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

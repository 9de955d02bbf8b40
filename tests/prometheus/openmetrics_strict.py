"""Reads metrics from standard input with the strict parsers of the Prometheus Python client, and prints what it read.

Usage: openmetrics_strict.py openmetrics|text. Prints one JSON object: samples as [name, labels, value, exemplar or null].
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

parse = {"openmetrics": parse_openmetrics, "text": parse_text}[sys.argv[1]]
families = list(parse(sys.stdin.buffer.read().decode("utf-8")))
samples = [
    [
        sample.name,
        sample.labels,
        sample.value,
        sample.exemplar and [sample.exemplar.labels, sample.exemplar.value, float(sample.exemplar.timestamp or 0)],
    ]
    for family in families
    for sample in family.samples
]
json.dump({"families": [[family.name, family.type, family.unit] for family in families], "samples": samples}, sys.stdout)

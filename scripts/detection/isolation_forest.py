"""An isolation forest on the exporter's own features, for comparison: learns from the rows of the learning days, scores the others.

Reads a file of JSON: {"learn": [[number, …], …], "score": [[number, …], …]}; prints a JSON list of scores, higher for what is odder.
"""

import json
import sys

from sklearn.ensemble import IsolationForest

with open(sys.argv[1], encoding="ascii") as file:
    rows = json.load(file)
# Defaults of Liu, Ting and Zhou, "Isolation Forest", ICDM 2008: 100 trees of 256 rows.
forest = IsolationForest(n_estimators=100, max_samples=256, random_state=int(sys.argv[2])).fit(rows["learn"])
json.dump([-score for score in forest.score_samples(rows["score"]).tolist()], sys.stdout)

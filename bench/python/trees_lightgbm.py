"""LightGBM on the rows that bench/trees.js wrote: prints one JSON line a run {construct, train, explain, auroc} (seconds)."""
import json
import sys
import time

import lightgbm
import numpy as np

folder, spec = sys.argv[1], json.loads(sys.argv[2])
rows, columns = spec["rows"], spec["columns"]
x = np.fromfile(f"{folder}/x.bin", dtype=np.float32).reshape(columns, -1).T
y = np.fromfile(f"{folder}/y.bin", dtype=np.float32)
# Row-major, as LightGBM reads it fastest.
train, test = np.ascontiguousarray(x[:rows]), np.ascontiguousarray(x[rows:])
params = dict(
    objective="binary", num_leaves=spec["leaves"], learning_rate=spec["learningRate"], max_bin=255,
    min_data_in_leaf=20, num_threads=spec["threads"], verbose=-1, seed=1,
)


def auroc(score, label):
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    positives = label.sum()
    return (ranks[label == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(label) - positives))


for _ in range(spec["repeats"]):
    a = time.perf_counter()
    data = lightgbm.Dataset(train, y[:rows], categorical_feature=spec["categorical"], params=params).construct()
    b = time.perf_counter()
    model = lightgbm.train(params, data, num_boost_round=spec["rounds"])
    c = time.perf_counter()
    score = auroc(model.predict(test), y[rows:])
    d = time.perf_counter()
    model.predict(test[: spec["explained"]], pred_contrib=True)
    e = time.perf_counter()
    print(json.dumps(dict(construct=b - a, train=c - b, explain=e - d, auroc=score)), flush=True)

"""A plain heterogeneous GraphSAGE (PyTorch Geometric, CPU): two layers, mean aggregation, both directions of every link.

Time-safe: for every cutoff the graph holds only rows known by then, and the age of a row at the cutoff is one of its
features. Rounds and the best epoch are chosen on validation rows. One JSON line.
"""
import sys
import time

import numpy as np
import torch
from torch_geometric.nn import HeteroConv, Linear, SAGEConv

from case import THREADS, Case, Clock, judged, parts, report

MOST_CUTOFFS = 200
HIDDEN, EPOCHS, PATIENCE, SECONDS = 64, 30, 5, 400

torch.manual_seed(1)
torch.set_num_threads(THREADS)
case = Case(sys.argv[1])
task = case.task
cutoffs = task["cutoff"].drop_duplicates().tolist() if not case.static else [None]
if len(cutoffs) > MOST_CUTOFFS:
    print(f"{len(cutoffs)} cutoffs: a graph for each is more than this rival is set up for", file=sys.stderr)
    sys.exit(4)
clock = Clock()


def encoded(name):
    """Standardised numbers with missing flags, and one-hot of the twenty commonest categories."""
    frame, found = case.tables[name], []
    for c in case.info[name]["columns"]:
        v = frame[c["name"]]
        if c["kind"] == "number":
            x = v.to_numpy(float)
            mean, deviation = np.nanmean(x) if np.isfinite(x).any() else 0, np.nanstd(x) if np.isfinite(x).any() else 1
            found += [np.nan_to_num((x - mean) / (deviation or 1)), np.isnan(x).astype(float)]
        else:
            found += [(v == top).to_numpy(float) for top in v.value_counts().index[:20]]
    return np.stack([np.ones(len(frame)), *found], 1).astype(np.float32)


features = {n: encoded(n) for n in case.tables}
known = {n: f["__known"].to_numpy() for n, f in case.tables.items()}


def graph(cutoff):
    seen, place, x = {}, {}, {}
    for n in case.tables:
        ok = np.isnat(known[n]) & (not case.info[n]["dated"]) | (known[n] <= np.datetime64(cutoff)) if cutoff is not None else np.ones(len(known[n]), bool)
        seen[n] = np.flatnonzero(ok)
        place[n] = np.full(len(ok), -1)
        place[n][seen[n]] = np.arange(len(seen[n]))
        age = np.zeros(len(seen[n]), np.float32)
        if cutoff is not None:
            days = (np.datetime64(cutoff) - known[n][seen[n]]) / np.timedelta64(1, "D")
            age = np.nan_to_num(np.log1p(np.maximum(np.nan_to_num(days), 0))).astype(np.float32)
        x[n] = torch.tensor(np.concatenate([features[n][seen[n]], age[:, None]], 1))
    edges = {}
    for l in case.links:
        target = case.tables[l["from"]][f"__fk_{l['name']}"].to_numpy(float)[seen[l["from"]]]
        a = np.flatnonzero(~np.isnan(target))
        b = place[l["to"]][target[a].astype(int)]
        a, b = a[b >= 0], b[b >= 0]
        edges[l["from"], l["name"], l["to"]] = torch.tensor(np.stack([a, b]))
        edges[l["to"], f"rev {l['name']}", l["from"]] = torch.tensor(np.stack([b, a]))
    return x, edges, place[case.entity]


class Net(torch.nn.Module):
    def __init__(self, edge_types):
        super().__init__()
        self.first = torch.nn.ModuleDict({str(i): Linear(-1, HIDDEN) for i, _ in enumerate(case.tables)})
        layer = lambda: HeteroConv({e: SAGEConv((HIDDEN, HIDDEN), HIDDEN, aggr="mean") for e in edge_types}, aggr="sum")
        self.layers = torch.nn.ModuleList([layer(), layer()])
        self.head = Linear(HIDDEN, 1)

    def forward(self, x, edges):
        h = {n: self.first[str(i)](x[n]).relu() for i, n in enumerate(case.tables)}
        for conv in self.layers:
            new = conv(h, edges)
            h = {n: (h[n] + new[n].relu()) if n in new else h[n] for n in h}
        return self.head(h[case.entity]).squeeze(1)


groups = [(g, *graph(c)) for c in cutoffs for g in [task.index[task["cutoff"] == c] if c is not None else task.index]]
seconds = clock.seconds()
clock = Clock()
rows = task["erow"].to_numpy()
label, split = task["label"].to_numpy(), task["split"].to_numpy()
net = Net(list(groups[0][2]))
with torch.no_grad():
    net(*groups[0][1:3])
optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-4)


def place_of(at, place):
    return torch.tensor(place[rows[at]])


def predict():
    net.eval()
    out = np.full(len(task), np.nan)
    with torch.no_grad():
        for index, x, edges, place in groups:
            p = place_of(index.to_numpy(), place)
            out[index] = torch.where(p >= 0, net(x, edges)[p.clamp(min=0)], torch.tensor(0.0)).numpy()
    return out


from sklearn.metrics import roc_auc_score  # noqa: E402

best, best_prediction, since, begun = -1.0, None, 0, time.time()
for epoch in range(EPOCHS):
    net.train()
    for i in np.random.default_rng(epoch).permutation(len(groups)):
        index, x, edges, place = groups[i]
        at = index.to_numpy()
        at = at[(split[at] == "train") & ~np.isnan(label[at]) & (place[rows[at]] >= 0)]
        if len(at) == 0:
            continue
        optimiser.zero_grad()
        logits = net(x, edges)[place_of(at, place)]
        torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(label[at], dtype=torch.float32)).backward()
        optimiser.step()
    out = predict()
    v = (split == "val") & ~np.isnan(label)
    auroc = roc_auc_score(label[v], out[v])
    if auroc > best:
        best, best_prediction, since = auroc, out, 0
    else:
        since += 1
    if since >= PATIENCE or time.time() - begun > SECONDS:
        break
test = (split == "test") & ~np.isnan(label)
report(name="GraphSAGE (PyG)", features=sum(f.shape[1] for f in features.values()), feature_seconds=seconds,
       fit_seconds=clock.seconds(), **judged(case, best_prediction[test]))

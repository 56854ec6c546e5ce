"""One case as bench/rivals/ours.js wrote it, and the learners that all rivals share."""
import json
import resource
import time

import lightgbm
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

THREADS = 2


class Case:
    """task: sid, erow, cutoff, label, split; tables: name → frame with __row, __known, columns, __fk_<link>."""

    def __init__(self, folder):
        with open(f"{folder}/schema.json", encoding="utf8") as f:
            self.schema = json.load(f)
        self.folder = folder
        self.entity = self.schema["entity"]
        self.static = self.schema["static"]
        self.links = self.schema["links"]
        self.info = {t["name"]: t for t in self.schema["tables"]}
        self.tables = {}
        for i, t in enumerate(self.schema["tables"]):
            frame = pd.read_parquet(f"{folder}/table-{i}.parquet")
            for c in t["columns"]:
                if c["kind"] == "category":
                    frame[c["name"]] = frame[c["name"]].astype("string").astype("category")
                else:
                    frame[c["name"]] = pd.to_numeric(frame[c["name"]], errors="coerce").astype(float)
            frame["__known"] = pd.to_datetime(frame["__known"]).astype("datetime64[us]")
            self.tables[t["name"]] = frame
        task = pd.read_csv(f"{folder}/task.csv")
        task["cutoff"] = pd.to_datetime(task["cutoff"]).astype("datetime64[us]")
        self.task = task

    def columns(self, table):
        return [c["name"] for c in self.info[table]["columns"]]


def flat(case):
    """The entity's own row and the rows it names, as known by the cutoff; its age; the calendar."""
    task = case.task
    frame = pd.DataFrame(index=task.index)

    def join(table, rows, prefix, depth):
        source = case.tables[table].set_index("__row")
        here = source.reindex(rows.to_numpy())
        here.index = task.index
        if not case.static:
            unseen = here["__known"].notna() & (here["__known"] > task["cutoff"])
            if depth == 0:
                unseen &= False
                frame[f"{prefix}age"] = (task["cutoff"] - here["__known"]).dt.total_seconds() / 86400
            here = here.mask(unseen)
        for c in case.columns(table):
            frame[f"{prefix}{c}"] = here[c]
        if depth < 2:
            for link in case.links:
                if link["from"] == table and link["to"] != table:
                    join(link["to"], here[f"__fk_{link['name']}"], f"{prefix}{link['name']}.", depth + 1)

    join(case.entity, task["erow"].where(task["erow"] >= 0), "", 0)
    if not case.static:
        frame["cutoff_month"] = task["cutoff"].dt.month
        frame["cutoff_weekday"] = task["cutoff"].dt.dayofweek
    return few_categories(frame)


def few_categories(frame, most=60):
    out = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object or str(column.dtype).startswith("string"):
            text = column.astype("string")
            top = text.value_counts().index[:most]
            out[name] = text.where(text.isna() | text.isin(top), "(other)").astype("category")
        else:
            values = pd.to_numeric(column.astype("float64"), errors="coerce")
            out[name] = values.replace([np.inf, -np.inf], np.nan).astype("float32")
    result = pd.DataFrame(out, index=frame.index)
    return result.loc[:, [c for c in result.columns if result[c].nunique(dropna=False) > 1]]


def parts(case, x):
    split = case.task["split"].to_numpy()
    y = case.task["label"].to_numpy()
    known = ~np.isnan(y)
    return {s: (x[(split == s) & known], y[(split == s) & known]) for s in ("train", "val", "test")}


def judged(case, prediction):
    _, y = parts(case, pd.DataFrame(index=case.task.index))["test"]
    return dict(auroc=round(float(roc_auc_score(y, prediction)), 4), ap=round(float(average_precision_score(y, prediction)), 4))


def plain_names(x):
    return x.set_axis([f"f{i}" for i in range(x.shape[1])], axis=1)


def fit_lightgbm(case, x):
    """Rounds by early stopping on validation, refit on both, three seeds averaged."""
    p = parts(case, plain_names(x))
    both = pd.concat([p["train"][0], p["val"][0]]), np.concatenate([p["train"][1], p["val"][1]])
    total = 0
    for seed in range(3):
        params = dict(objective="binary", metric="auc", learning_rate=0.05, num_leaves=31, min_data_in_leaf=20,
                      feature_fraction=0.8, bagging_fraction=0.8, bagging_freq=1, num_threads=THREADS, seed=seed, verbose=-1)
        data = lightgbm.Dataset(*p["train"])
        found = lightgbm.train(params, data, 1000, valid_sets=[lightgbm.Dataset(*p["val"], reference=data)],
                               callbacks=[lightgbm.early_stopping(50, verbose=False)])
        final = lightgbm.train(params, lightgbm.Dataset(*both), max(10, found.best_iteration))
        total = total + final.predict(p["test"][0])
    return total / 3


def fit_xgboost(case, x):
    import xgboost

    p = parts(case, plain_names(x))
    of = lambda part: xgboost.DMatrix(*part, enable_categorical=True)
    both = pd.concat([p["train"][0], p["val"][0]]), np.concatenate([p["train"][1], p["val"][1]])
    total = 0
    for seed in range(3):
        params = dict(objective="binary:logistic", eval_metric="auc", eta=0.05, max_depth=6, subsample=0.8,
                      colsample_bytree=0.8, tree_method="hist", nthread=THREADS, seed=seed)
        found = xgboost.train(params, of(p["train"]), 1000, evals=[(of(p["val"]), "val")], early_stopping_rounds=50, verbose_eval=False)
        final = xgboost.train(params, of(both), max(10, found.best_iteration + 1))
        total = total + final.predict(of(p["test"]))
    return total / 3


def fit_logistic(case, x):
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categorical = [c for c in x.columns if isinstance(x[c].dtype, pd.CategoricalDtype)]
    numeric = [c for c in x.columns if c not in categorical]
    x = x.assign(**{c: x[c].astype(object).where(x[c].notna(), "(missing)") for c in categorical})
    p = parts(case, x)

    def model(c):
        number = make_pipeline(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler())
        prepared = make_column_transformer((number, numeric), (OneHotEncoder(handle_unknown="ignore", min_frequency=5), categorical))
        return make_pipeline(prepared, LogisticRegression(C=c, max_iter=2000))

    best = max((0.01, 0.1, 1.0), key=lambda c: roc_auc_score(p["val"][1], model(c).fit(*p["train"]).predict_proba(p["val"][0])[:, 1]))
    both = pd.concat([p["train"][0], p["val"][0]]), np.concatenate([p["train"][1], p["val"][1]])
    return model(best).fit(*both).predict_proba(p["test"][0])[:, 1]


class Clock:
    def __init__(self):
        self.start = time.perf_counter()

    def seconds(self):
        return round(time.perf_counter() - self.start, 2)


def report(**figures):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps(dict(figures, peak_mb=round(peak / 1024))), flush=True)

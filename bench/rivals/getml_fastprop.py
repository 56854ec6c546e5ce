"""getML Community: FastProp over the tables below the entity and below the rows it names, then LightGBM. One JSON line."""
import atexit
import signal
import sys

import pandas as pd

from case import Case, Clock, few_categories, fit_lightgbm, flat, judged, report

import getml

case = Case(sys.argv[1])
task = case.task
# The engine is a process of its own: it must go when this one does, also when its time is up.
atexit.register(getml.engine.shutdown)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
getml.engine.launch(launch_browser=False, in_memory=True)
getml.engine.set_project("rivals")
clock = Clock()


def roles(frame, keys, info=None):
    df = getml.DataFrame.from_pandas(frame, name=f"t{roles.count}")
    roles.count += 1
    df.set_role(keys, getml.data.roles.join_key)
    for stamp in ("cutoff", "__known"):
        if stamp in frame:
            df.set_role([stamp], getml.data.roles.time_stamp)
    numbers = [c["name"] for c in (info or {"columns": []})["columns"] if c["kind"] == "number"]
    texts = [c["name"] for c in (info or {"columns": []})["columns"] if c["kind"] == "category"]
    if numbers:
        df.set_role(numbers, getml.data.roles.numerical)
    if texts:
        df.set_role(texts, getml.data.roles.categorical)
    return df


roles.count = 0
population = pd.DataFrame({"sid": task["sid"].astype(str), "label": task["label"].fillna(0), "erow": task["erow"].astype(str)})
if not case.static:
    population["cutoff"] = task["cutoff"]
entity = case.tables[case.entity].set_index("__row")
parents = {l["name"]: l["to"] for l in case.links if l["from"] == case.entity and l["to"] != case.entity}
for name in parents:
    population[f"up_{name}"] = entity[f"__fk_{name}"].reindex(task["erow"]).to_numpy()
    population[f"up_{name}"] = population[f"up_{name}"].astype("string").fillna("-").astype(str)
learn = task["split"].isin(["train", "val"]).to_numpy()


def population_of(rows):
    df = roles(population[rows].drop(columns=["sid"]), ["erow", *[f"up_{n}" for n in parents]])
    df.set_role(["label"], getml.data.roles.target)
    return df


star = getml.data.StarSchema(train=population_of(learn), everyone=population_of(slice(None)), alias="population")
for l in case.links:
    hosts = [("erow", case.entity), *[(f"up_{n}", t) for n, t in parents.items()]]
    for key, host in hosts:
        if l["to"] != host or (key != "erow" and l["from"] == case.entity):
            continue
        info = case.info[l["from"]]
        rows = case.tables[l["from"]]
        fk = f"__fk_{l['name']}"
        rows = rows[rows[fk].notna()]
        dated = info["dated"] and not case.static
        if dated:
            rows = rows[rows["__known"].notna()]
        frame = rows[[fk, *case.columns(l["from"]), *(["__known"] if dated else [])]].copy()
        frame[fk] = frame[fk].astype("Int64").astype(str)
        for c in info["columns"]:
            if c["kind"] == "category":
                frame[c["name"]] = frame[c["name"]].astype("string").fillna("-").astype(str)
        star.join(roles(frame, [fk], info), alias=f"p{roles.count}", on=(key, fk), **({"time_stamps": ("cutoff", "__known")} if dated else {}))
pipe = getml.Pipeline(
    data_model=star.data_model,
    feature_learners=[getml.feature_learning.FastProp(loss_function=getml.feature_learning.loss_functions.CrossEntropyLoss, num_threads=2, num_features=400)],
)
pipe.fit(star.train)
made = pipe.transform(star.everyone)
seconds = clock.seconds()
x = pd.concat([flat(case), few_categories(pd.DataFrame(made, index=task.index).add_prefix("getml "))], axis=1)
clock = Clock()
figures = judged(case, fit_lightgbm(case, x))
report(name="getML FastProp + LightGBM", features=x.shape[1], feature_seconds=seconds, fit_seconds=clock.seconds(), **figures)

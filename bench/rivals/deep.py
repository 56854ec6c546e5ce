"""Featuretools and fastdfs with cutoff times, then LightGBM on these columns and the flat row's. One JSON line.

usage: deep.py FOLDER featuretools|fastdfs|same
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd

from case import Case, Clock, few_categories, fit_lightgbm, flat, judged, report

warnings.filterwarnings("ignore")
folder, rival = sys.argv[1:]
case = Case(folder)
task = case.task
MOST = 400


def frames():
    """Rows that are never visible are left out; undated tables are always visible."""
    for name, info in case.info.items():
        frame = case.tables[name]
        yield name, info, frame if not info["dated"] else frame[frame["__known"].notna()]


def entity_set(ft, only=None):
    es = ft.EntitySet("case")
    for name, info, frame in frames():
        if only is not None and name not in only:
            continue
        keys = [f"__fk_{l['name']}" for l in case.links if l["from"] == name and (only is None or l["to"] in only)]
        wanted = ["__row", *only[name]] if only is not None else ["__row", *case.columns(name)]
        dated = info["dated"] and not case.static
        es.add_dataframe(
            dataframe_name=name, dataframe=frame[[*wanted, *keys, *(["__known"] if dated else [])]].copy(), index="__row",
            **({"time_index": "__known"} if dated else {}),
            logical_types={**{k: "IntegerNullable" for k in keys}, **{c["name"]: "Categorical" if c["kind"] == "category" else "Double" for c in info["columns"] if c["name"] in wanted}},
        )
    for l in case.links:
        if l["from"] != l["to"] and l["from"] in es.dataframe_dict and l["to"] in es.dataframe_dict:
            es.add_relationship(l["to"], "__row", l["from"], f"__fk_{l['name']}")
    return es


def cutoffs():
    rows = task[task["erow"] >= 0]
    return pd.DataFrame({"__row": rows["erow"], "time": rows["cutoff"], "sid": rows["sid"]})


def calculated(ft, es, **options):
    asked = cutoffs()
    if case.static:
        matrix = ft.dfs(entityset=es, target_dataframe_name=case.entity, instance_ids=sorted(asked["__row"].unique()), **options)[0]
        return matrix.reindex(asked["__row"].to_numpy()).set_axis(asked["sid"])
    matrix = ft.dfs(entityset=es, target_dataframe_name=case.entity, cutoff_time=asked, cutoff_time_in_index=False, **options)[0]
    return matrix.set_index("sid") if "sid" in matrix else matrix


def featuretools():
    import featuretools as ft

    clock = Clock()
    matrix = calculated(
        ft, entity_set(ft), max_depth=2, max_features=MOST, n_jobs=1,
        agg_primitives=["count", "sum", "mean", "max", "min", "std", "mode", "num_unique", "percent_true", "last", "time_since_last"],
        trans_primitives=[],
    )
    return matrix.reindex(task["sid"]).set_axis(task.index), clock.seconds()


def fastdfs():
    import fastdfs as fd

    clock = Clock()
    tables, primary, foreign, times, hints = {}, {}, [], {}, {}
    for name, info, frame in frames():
        keys = {f"__fk_{l['name']}": l for l in case.links if l["from"] == name and l["to"] != name}
        frame = frame[["__row", *case.columns(name), *keys, *(["__known"] if info["dated"] else [])]].copy()
        for c in info["columns"]:
            if c["kind"] == "category":
                frame[c["name"]] = frame[c["name"]].astype(object)
        for k, l in keys.items():
            frame[k] = frame[k].astype("Int64")
            foreign.append((name, k, l["to"], "__row"))
        tables[name], primary[name] = frame, "__row"
        hints[name] = {c["name"]: "category" if c["kind"] == "category" else "float" for c in info["columns"]}
        if info["dated"]:
            times[name] = "__known"
    rdb = fd.create_rdb(tables, primary_keys=primary, foreign_keys=foreign, time_columns=times, type_hints=hints)
    asked = cutoffs().rename(columns={"__row": "erow"})
    made = fd.compute_dfs_features(
        rdb, asked, {"erow": f"{case.entity}.__row"}, None if case.static else "time",
        config_overrides=dict(max_depth=2, engine="dfs2sql", use_cutoff_time=not case.static, include_cutoff_time=True,
                              dfs2sql_threads=2, agg_primitives=["max", "min", "mean", "std", "sum", "count", "mode"]),
    )
    matrix = made.set_index("sid").drop(columns=["erow", "time"], errors="ignore")
    return matrix.reindex(task["sid"]).set_axis(task.index), clock.seconds()


def same():
    """The very columns that ours computed: count; sum, mean, min, max, std of numbers, of rows directly below."""
    import featuretools as ft
    from featuretools.primitives import Count, Max, Mean, Min, Std, Sum

    statistics = {"sum": Sum, "mean": Mean, "min": Min, "max": Max, "std": Std}
    with open(f"{folder}/same.json", encoding="utf8") as f:
        asked = json.load(f)
    seconds, columns, worst = 0.0, 0, 0.0
    for source in asked["sources"]:
        es = entity_set(ft, {case.entity: [], source["table"]: source["numeric"]})
        clock = Clock()
        features = [ft.Feature(es[source["table"]].ww["__row"], parent_dataframe_name=case.entity, primitive=Count)]
        names = [f"{source['table']}||count"]
        for c in source["numeric"]:
            for p, primitive in statistics.items():
                features.append(ft.Feature(es[source["table"]].ww[c], parent_dataframe_name=case.entity, primitive=primitive))
                names.append(f"{source['table']}|{c}|{p}")
        when = {} if case.static else {"cutoff_time": cutoffs()}
        ids = {"instance_ids": sorted(cutoffs()["__row"].unique())} if case.static else {}
        matrix = ft.calculate_feature_matrix(features, es, n_jobs=1, **when, **ids)
        seconds, columns = seconds + clock.seconds(), columns + len(features)
        for name, feature in zip(names, features):
            total, expected = float(np.nansum(matrix[feature.get_name()].astype(float))), asked["totals"].get(name)
            if expected is not None and not name.endswith("std"):
                worst = max(worst, abs(total - expected) / max(1.0, abs(expected)))
    report(name="featuretools, same columns", features=columns, feature_seconds=round(seconds, 2), largest_difference=worst)


if rival == "same":
    same()
else:
    deep, seconds = featuretools() if rival == "featuretools" else fastdfs()
    x = pd.concat([flat(case), few_categories(deep).add_prefix("deep ")], axis=1)
    clock = Clock()
    figures = judged(case, fit_lightgbm(case, x))
    report(name=f"{rival} + LightGBM", features=x.shape[1], feature_seconds=seconds, fit_seconds=clock.seconds(), **figures)

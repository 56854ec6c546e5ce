"""The flat row: logistic regression, LightGBM, XGBoost. One JSON line a rival."""
import sys

from case import Case, Clock, fit_lightgbm, fit_logistic, fit_xgboost, flat, judged, report

case = Case(sys.argv[1])
clock = Clock()
x = flat(case)
features = clock.seconds()
for name, fit in (("logistic regression, flat row", fit_logistic), ("LightGBM, flat row", fit_lightgbm), ("XGBoost, flat row", fit_xgboost)):
    clock = Clock()
    figures = judged(case, fit(case, x))
    report(name=name, features=x.shape[1], feature_seconds=features, fit_seconds=clock.seconds(), **figures)

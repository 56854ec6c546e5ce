/** Window lengths in days: the calendar set, 1×, 4× and 16× the horizon, thinned so that neighbours differ by 1.5×. */

const CALENDAR = [7, 14, 30, 90, 365];

/** Ascending window lengths in days; all time comes on top. `spanDays`: history before the newest cutoff. */
export function chooseWindows(horizonDays: number | undefined, spanDays: number): readonly number[] {
  const horizon = horizonDays === undefined ? [] : [1, 4, 16].map((k) => Math.round(k * horizonDays));
  const wanted = [...horizon, ...CALENDAR].filter((w) => w >= 1 && w < Math.max(spanDays, 2));
  const kept: number[] = [];
  for (const w of wanted) {
    if (kept.every((k) => Math.max(k, w) / Math.min(k, w) >= 1.5)) kept.push(w);
  }
  return kept.sort((a, b) => a - b);
}

/** Index of the window nearest (in ratio) to `days`; the all-time index when none is near. */
export function nearestWindow(windows: readonly number[], days: number): number {
  let best = windows.length;
  let bestRatio = 2.2;
  windows.forEach((w, i) => {
    const ratio = Math.max(w / days, days / w);
    if (ratio < bestRatio) [best, bestRatio] = [i, ratio];
  });
  return best;
}

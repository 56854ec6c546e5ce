// Gradients and hessians of the losses by score, and their fixed-point form. Each op also writes, per chunk of rows,
// the sums of |g| and h from which the quantum is chosen.
import { CHUNK, first } from './common';

// @ts-ignore: decorator
@inline
function chunks(rows: i32): i32 {
  return (rows + CHUNK - 1) / CHUNK;
}

// @ts-ignore: decorator
@inline
function weightOf(weight: usize, i: i32): f64 {
  return weight ? <f64>load<f32>(weight + (<usize>i << 2)) : 1.0;
}

// @ts-ignore: decorator
@inline
function write(grad: usize, hess: usize, i: i32, g: f64, h: f64): void {
  store<f32>(grad + (<usize>i << 2), <f32>g);
  store<f32>(hess + (<usize>i << 2), <f32>h);
}

// @ts-ignore: decorator
@inline
function writeSums(sums: usize, chunk: i32, g: f64, h: f64): void {
  store<f64>(sums + (<usize>chunk << 4), g);
  store<f64>(sums + (<usize>chunk << 4), h, 8);
}

/** exp, Cephes' rational form: error under 2e-16 relative, several times quicker than the library's. */
function exp(v: f64): f64 {
  const x = min(max(v, -700.0), 700.0);
  const k = nearest(x * 1.4426950408889634);
  const r = x - k * 0.693145751953125 - k * 1.42860682030941723212e-6;
  const s = r * r;
  const p = r * ((1.26177193074810590878e-4 * s + 3.02994407707441961300e-2) * s + 1.0);
  const q = ((3.00198505138664455042e-6 * s + 2.52448340349684104192e-3) * s + 2.27265548208155028766e-1) * s + 2.0;
  return (1.0 + (2.0 * p) / (q - p)) * reinterpret<f64>((<i64>k + 1023) << 52);
}

/** Binary log loss; label 0 or 1. */
export function logistic(
  part: i32, parts: i32, rows: i32, score: usize, label: usize, weight: usize, grad: usize, hess: usize, sums: usize,
): void {
  const count = chunks(rows);
  for (let c = first(count, part, parts); c < first(count, part + 1, parts); c++) {
    const end = min((c + 1) * CHUNK, rows);
    let sumG = 0.0;
    let sumH = 0.0;
    for (let i = c * CHUNK; i < end; i++) {
      const p = 1.0 / (1.0 + exp(-load<f64>(score + (<usize>i << 3))));
      const w = weightOf(weight, i);
      const g = (p - <f64>load<f32>(label + (<usize>i << 2))) * w;
      const h = p * (1.0 - p) * w;
      write(grad, hess, i, g, h);
      sumG += abs(g);
      sumH += h;
    }
    writeSums(sums, c, sumG, sumH);
  }
}

/** Softmax log loss of class `which`; score: classes × rows; label: the class. */
export function softmax(
  part: i32, parts: i32, rows: i32, score: usize, classes: i32, which: i32, label: usize, weight: usize,
  grad: usize, hess: usize, sums: usize,
): void {
  const count = chunks(rows);
  const factor = <f64>classes / <f64>(classes - 1);
  for (let c = first(count, part, parts); c < first(count, part + 1, parts); c++) {
    const end = min((c + 1) * CHUNK, rows);
    let sumG = 0.0;
    let sumH = 0.0;
    for (let i = c * CHUNK; i < end; i++) {
      const own = load<f64>(score + ((<usize>which * <usize>rows + <usize>i) << 3));
      let total = 0.0;
      for (let k = 0; k < classes; k++) {
        total += exp(load<f64>(score + ((<usize>k * <usize>rows + <usize>i) << 3)) - own);
      }
      const p = 1.0 / total;
      const w = weightOf(weight, i);
      const y = <i32>load<f32>(label + (<usize>i << 2)) == which ? 1.0 : 0.0;
      const g = (p - y) * w;
      const h = factor * p * (1.0 - p) * w;
      write(grad, hess, i, g, h);
      sumG += abs(g);
      sumH += h;
    }
    writeSums(sums, c, sumG, sumH);
  }
}

export function squared(
  part: i32, parts: i32, rows: i32, score: usize, label: usize, weight: usize, grad: usize, hess: usize, sums: usize,
): void {
  const count = chunks(rows);
  for (let c = first(count, part, parts); c < first(count, part + 1, parts); c++) {
    const end = min((c + 1) * CHUNK, rows);
    let sumG = 0.0;
    let sumH = 0.0;
    for (let i = c * CHUNK; i < end; i++) {
      const w = weightOf(weight, i);
      const g = (load<f64>(score + (<usize>i << 3)) - <f64>load<f32>(label + (<usize>i << 2))) * w;
      write(grad, hess, i, g, w);
      sumG += abs(g);
      sumH += w;
    }
    writeSums(sums, c, sumG, sumH);
  }
}

/** Pinball loss of the quantile `level`: its slope is 2 (1 − level) above the label and −2 level below; ±1 at the median. */
export function pinball(
  part: i32, parts: i32, rows: i32, score: usize, label: usize, weight: usize, grad: usize, hess: usize, sums: usize,
  level: f64,
): void {
  const count = chunks(rows);
  for (let c = first(count, part, parts); c < first(count, part + 1, parts); c++) {
    const end = min((c + 1) * CHUNK, rows);
    let sumG = 0.0;
    let sumH = 0.0;
    for (let i = c * CHUNK; i < end; i++) {
      const w = weightOf(weight, i);
      const r = load<f64>(score + (<usize>i << 3)) - <f64>load<f32>(label + (<usize>i << 2));
      const g = r > 0.0 ? 2.0 * (1.0 - level) * w : r < 0.0 ? -2.0 * level * w : 0.0;
      write(grad, hess, i, g, w);
      sumG += abs(g);
      sumH += w;
    }
    writeSums(sums, c, sumG, sumH);
  }
}

/** packed = round(g × perG) << 32 + round(h × perH); a row with any hessian keeps at least one quantum of it. */
export function quantise(
  part: i32, parts: i32, rows: i32, grad: usize, hess: usize, perG: f64, perH: f64, packed: usize,
): void {
  const end = first(rows, part + 1, parts);
  for (let i = first(rows, part, parts); i < end; i++) {
    const g = <i64>nearest(<f64>load<f32>(grad + (<usize>i << 2)) * perG);
    const exact = <f64>load<f32>(hess + (<usize>i << 2));
    const h = exact > 0.0 ? max(<i64>nearest(exact * perH), 1) : 0;
    store<i64>(packed + (<usize>i << 3), (g << 32) + h);
  }
}

/** Exact bytes: typed arrays as base64 of little-endian values, text that hashes the same for the same content. */
import { createHash } from 'node:crypto';

export const toBase64 = (array: Float32Array | Float64Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

export const float32Of = (text: string): Float32Array => new Float32Array(bytesOf(text).buffer);
export const float64Of = (text: string): Float64Array => new Float64Array(bytesOf(text).buffer);

// A copy: a Buffer may start anywhere in its pool, a typed array may not.
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64'));

/** Sets print as sorted arrays, so that a plan serialises. */
export const printState = (state: unknown): string =>
  JSON.stringify(state, (_, value: unknown) => (value instanceof Set ? [...value].sort() : value));

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

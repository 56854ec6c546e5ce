/** Bytes of a file, unzipped when they are gzip (by content, not by name), and its text encoding. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export async function isGzip(path: string): Promise<boolean> {
  const magic = await firstBytes(path, 2);
  return magic[0] === 0x1f && magic[1] === 0x8b;
}

/** The file's bytes, unzipped. An error of the file or of its compression destroys the stream. */
export async function openBytes(path: string): Promise<Readable> {
  const out = (await isGzip(path)) ? createGunzip() : new PassThrough();
  return pipeline(createReadStream(path), out, () => undefined);
}

/** Reads a gzip file to its end, which fails when it is cut short or damaged; the engine would stop at the cut in silence. */
export async function verifyGzip(path: string): Promise<void> {
  for await (const _ of await openBytes(path));
}

/** At most `limit` bytes from the start, and whether that is all. */
export async function readHead(path: string, limit: number): Promise<{ head: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  const bytes = await openBytes(path);
  for await (const chunk of bytes) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > limit) break;
  }
  bytes.destroy();
  return { head: Buffer.concat(chunks).subarray(0, limit), whole: size <= limit };
}

/** By byte order mark; then UTF-16 by its zero bytes; then UTF-8 if valid; else the Western code page. */
export function detectEncoding(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (let i = 0; i < Math.min(head.length, 4096); i++) if (head[i] === 0) zeros[i % 2]!++;
  const half = Math.min(head.length, 4096) / 2;
  if (half >= 2 && zeros[1]! > half * 0.4 && zeros[0]! < half * 0.1) return 'utf-16le';
  if (half >= 2 && zeros[0]! > half * 0.4 && zeros[1]! < half * 0.1) return 'utf-16be';
  return isUtf8(wholeCharacters(head)) ? 'utf-8' : 'windows-1252';
}

/** Without a last character that the limit may have cut in two. */
function wholeCharacters(head: Buffer): Buffer {
  let end = head.length;
  for (let back = 1; back <= 4 && back <= head.length; back++) {
    const byte = head[head.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    if (byte >= 0xc0) end = head.length - back;
    break;
  }
  return head.subarray(0, end);
}

export const decode = (bytes: Buffer, encoding: Encoding): string => new TextDecoder(encoding).decode(bytes);

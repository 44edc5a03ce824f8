// Archives that differ from a good one in one hostile way, the same ones for the same seed.
import {gunzipSync, gzipSync} from 'node:zlib'
import {Header} from 'tar'
import {type Manifest, type ManifestEntry, manifestDigest} from '../../../scripts/lib/backup/manifest.ts'
import type {TarItem} from '../../../scripts/lib/backup/tarStream.ts'
import {evilFile, evilText, inFolders, stateInArchive, tarOf} from './forged.ts'

export interface GoodArchive {
  manifest: Manifest
  /** Contents of its files, by path. */
  contents: ReadonlyMap<string, Buffer>
}

export interface Mutation {
  /** What was done to it, for the message of a failure. */
  what: string
  bytes: Buffer
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Random = () => number

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function pick<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined && values.length === 0) throw new Error('there is nothing to pick from')
  return value as Value
}

const ups = [1, 2, 3, 4, 5, 6, 7, 8].map(count => '../'.repeat(count))

/** Texts that lead elsewhere when they are taken for a path or a name. */
export const hostileTexts = [
  ...[
    '',
    '.',
    '..',
    '/',
    '//',
    '/etc/passwd',
    '/tmp',
    '~',
    '-',
    '--help',
    '__proto__',
    'constructor',
    'a\0b',
    'a\\..\\b',
  ],
  ...ups.flatMap(up => [`${up}sibling`, `${up}sibling/live.json`, `./${up}planted`, `data/../${up}planted`]),
  ...[
    'a//b',
    'a/./b',
    'a/',
    'a/../a',
    'x'.repeat(300),
    'd/'.repeat(60),
    'e'.repeat(5000),
    '\u001b[31mred\n',
    '\ud800',
    '\u202e',
  ],
  ...[
    'sibling',
    'restore',
    'restore.json',
    'lock.json',
    'staged',
    'manifest.json',
    'environment',
    'releases',
    'memory',
  ],
]

const hostileValues: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 31,
    0o7777,
    [],
    {},
    [[]],
    {a: {}},
    'x',
    '0'.repeat(64),
  ],
  ...[['../x'], [null], {memory: null}, {'../x': {paths: ['.'], absent: []}}, '9999-99-99T99:99:99.999Z'],
]

const anyValue = (random: Random) => pick<unknown>(random, random() < 0.5 ? hostileTexts : hostileValues)

type Mutate = (good: GoodArchive, random: Random) => Mutation

/** One value of the manifest is another, its digest fits, and so do the entries as far as they can. */
const changedField: Mutate = (good, random) => {
  const manifest = structuredClone(good.manifest) as unknown
  const place: string[] = []
  let holder = manifest as Record<string, unknown>
  for (;;) {
    const key = pick(random, Object.keys(holder))
    place.push(key)
    const inner = holder[key]
    const isDeep = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0
    if (!isDeep || random() < 0.15) break
    holder = inner as Record<string, unknown>
  }
  const key = place.at(-1) ?? ''
  const value = anyValue(random)
  const way = random()
  if (way < 0.15) delete holder[key]
  else if (way < 0.3) holder[String(anyValue(random)).slice(0, 80)] = value
  else holder[key] = value
  return forged(manifest, good, `manifest ${place.join('.')} = ${String(JSON.stringify(value)).slice(0, 80)}`)
}

/** Other state than the archive has, by servers and paths that lead elsewhere. */
const changedState: Mutate = (good, random) => {
  const text = () => pick(random, hostileTexts)
  const paths = Array.from({length: 1 + Math.floor(random() * 3)}, text)
  const server = random() < 0.5 ? 'memory' : text()
  const state = {...good.manifest.state, [server]: {paths, absent: random() < 0.5 ? [] : paths}}
  return forged({...good.manifest, state}, good, `state ${JSON.stringify(state).slice(0, 120)}`)
}

/** More entries: files and links with hostile names, and links over links. */
const addedEntries: Mutate = (good, random) => {
  const below = () =>
    `${pick(random, [stateInArchive, `${stateInArchive}/data`, 'environment', 'environment/records', 'x'])}`
  const added: ManifestEntry[] = Array.from({length: 1 + Math.floor(random() * 4)}, () => {
    const path =
      random() < 0.3 ? pick(random, hostileTexts) : `${below()}/${pick(random, ['a', 'b', 'c', ...hostileTexts])}`
    if (random() < 0.4) return evilFile(path)
    return {kind: 'link', path, target: pick(random, ['a', 'b', '..', '../..', 'a/..', 'b/../..', ...hostileTexts])}
  })
  const entries = inFolders([...good.manifest.entries, ...added])
  return forged({...good.manifest, entries}, good, `added ${JSON.stringify(added).slice(0, 160)}`)
}

/** The header of one entry says something else than the manifest. */
const changedHeader: Mutate = (good, random) => {
  const tar = Buffer.from(goodTar(good))
  const offsets = headersOf(tar)
  const at = pick(random, offsets)
  const header = new Header(tar, at)
  const change = pick(random, ['type', 'path', 'linkpath', 'size', 'mode'] as const)
  const types = [
    'File',
    'OldFile',
    'Link',
    'SymbolicLink',
    'CharacterDevice',
    'BlockDevice',
    'Directory',
    'FIFO',
  ] as const
  if (change === 'type') header.type = pick(random, types)
  else if (change === 'size') header.size = pick(random, [0, 1, 511, 513, 1e6, 2 ** 33 - 1])
  else if (change === 'mode') header.mode = pick(random, [0, 0o4755, 0o7777, 0o777])
  else header[change] = pick(random, hostileTexts).slice(0, 90)
  header.encode(tar, at)
  return {what: `header at ${at}: ${change} ${String(header[change]).slice(0, 60)}`, bytes: gzipSync(tar)}
}

/** Damage without a plan: of the tar, or of what gzip made of it. */
const damaged: Mutate = (good, random) => {
  const zipped = gzipSync(goodTar(good))
  const way = pick(random, ['flip', 'flip', 'cut', 'insert', 'zero', 'double', 'append', 'nothing'] as const)
  const isPlain = random() < 0.5
  const before = isPlain ? gunzipSync(zipped) : zipped
  const at = Math.floor(random() * before.length)
  const noise = Buffer.from(Array.from({length: 1 + Math.floor(random() * 600)}, () => Math.floor(random() * 256)))
  const after = {
    flip: () =>
      Buffer.from(before.map((byte, index) => (index === at ? byte ^ (1 << Math.floor(random() * 8)) : byte))),
    cut: () => before.subarray(0, at),
    insert: () => Buffer.concat([before.subarray(0, at), noise, before.subarray(at)]),
    zero: () => Buffer.from(before.map((byte, index) => (index >= at && index < at + 512 ? 0 : byte))),
    double: () => Buffer.concat([before, before]),
    append: () => Buffer.concat([before, noise]),
    nothing: () => pick(random, [Buffer.alloc(0), noise, Buffer.alloc(5000), Buffer.from('age-encryption.org/v1\n')]),
  }[way]()
  return {what: `${way} at ${at} of the ${isPlain ? 'tar' : 'gzip'}`, bytes: isPlain ? gzipSync(after) : after}
}

const ways: readonly Mutate[] = [changedField, changedField, changedState, addedEntries, changedHeader, damaged]

export function mutation(good: GoodArchive, random: Random): Mutation {
  return pick(random, ways)(good, random)
}

function forged(manifest: unknown, good: GoodArchive, what: string): Mutation {
  const digested = withDigest(manifest)
  const entries = (digested as {entries?: unknown}).entries
  const items = (Array.isArray(entries) ? entries : []).flatMap((entry: ManifestEntry): TarItem[] => {
    if (entry?.kind !== 'file') return [{entry}]
    return [{entry, content: good.contents.get(entry.path) ?? Buffer.from(evilText)}]
  })
  return {what, bytes: gzipSync(tarOf(digested, items.filter(isWritable)))}
}

// What tar cannot say in a header is left out; the manifest names it all the same.
function isWritable(item: TarItem): boolean {
  try {
    tarOf({}, [item])
    return true
  } catch {
    return false
  }
}

function withDigest(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null) return manifest
  return {...manifest, digest: manifestDigest(manifest as Manifest)}
}

function goodTar({manifest, contents}: GoodArchive): Buffer {
  const items = manifest.entries.map((entry): TarItem => ({entry, content: contents.get(entry.path)}))
  return tarOf(manifest, items)
}

/** Where the headers of a tar lie. */
function headersOf(tar: Buffer): number[] {
  const found: number[] = []
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = new Header(tar, at)
    if (header.nullBlock) break
    found.push(at)
    at += 512 + Math.ceil((header.size ?? 0) / 512) * 512
  }
  return found
}

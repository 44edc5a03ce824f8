// What a backup says of itself: where it came from, what a restore needs beside it, and every entry with its digest.
import {createHash} from 'node:crypto'
import {isAbsolute} from 'node:path'
import {name} from '../fleet/name.ts'
import {z} from '../saved/zod.ts'
import {canonicalJson} from '../text/canonicalJson.ts'
import {areStatePaths, isOutside} from './statePaths.ts'

/** Raised when the meaning of a manifest changes. */
export const manifestSchema = 1

/** The first entry of every archive. */
export const manifestName = 'manifest.json'

/** How large a manifest may be. One that is larger is refused before it is parsed, and no such backup is made. */
export const manifestLimits = {
  bytes: 64 * 1024 * 1024,
  /** Files, folders and links. */
  entries: 200_000,
  /** Objects, lists and their members, by the characters that begin or separate them. */
  values: 2_000_000,
} as const

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'should be 64 hexadecimal digits')
// A name that is not UTF-8 has a lone surrogate for each byte that is not (`\udce9` for E9), as `nameOf` makes it.
const path = z.string().min(1).max(4096)
const mode = z.int().min(0).max(0o777)
const short = z.string().max(1000)
// What a date can be; a file may be older than 1970.
const latestMs = 8.64e15
/** Milliseconds since 1970. */
const modifiedMs = z.number().min(-latestMs).max(latestMs)
const pathsAtMost = 1000
const statePath = z
  .string()
  .max(4096)
  .refine(path => !isOutside(path), 'should be a path below the state folder of the server')
const statePaths = z
  .array(statePath)
  .max(pathsAtMost)
  .refine(areStatePaths, 'should be paths as they are declared, tidied and none of them within another')

const entry = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('folder'), path, mode, modifiedMs: modifiedMs.optional()}),
  z.strictObject({kind: z.literal('link'), path, target: path, modifiedMs: modifiedMs.optional()}),
  /** Another name of a file that comes before it: both are hard links to it. */
  z.strictObject({kind: z.literal('same'), path, target: path}),
  z.strictObject({
    kind: z.literal('file'),
    path,
    mode,
    bytes: z.int().min(0),
    /** What it takes on the disk; only of a file with holes, which takes less than its length and is restored with them. */
    storedBytes: z.int().min(0).optional(),
    sha256,
    modifiedMs,
  }),
])

const artifact = z.strictObject({tree: short, origin: short, version: short, digest: short})

const state = z
  .strictObject({paths: statePaths, absent: z.array(statePath).max(pathsAtMost)})
  .refine(({paths, absent}) => absent.every(one => paths.includes(one)), {
    path: ['absent'],
    error: 'should be some of the paths',
  })

export const manifestShape = z.strictObject({
  schema: z.literal(manifestSchema),
  /** SHA-256 of the canonical JSON of everything else in this object. */
  digest: sha256,
  fleet: name,
  environment: name,
  /** Digest of the release that was live. */
  release: sha256,
  run: short,
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  seaworthy: short,
  /** The environment's root at that time; descriptions of instances hold paths below it. */
  root: z.string().max(4096).refine(isAbsolute, 'should be an absolute path'),
  /** Declared state by server, and which of it was not there. */
  state: z.record(name, state),
  /** What the live release is made of. `contained`: its whole folder is in the archive; else it is built again. */
  needs: z.strictObject({
    contained: z.boolean(),
    node: short,
    platform: short,
    artifacts: z.array(artifact),
  }),
  /** In the order of the archive; a folder comes before what is in it. */
  entries: z.array(entry).max(manifestLimits.entries),
})

export type Manifest = z.infer<typeof manifestShape>
export type ManifestEntry = Manifest['entries'][number]

/** The digest that a manifest with this content has. */
export function manifestDigest({digest: _, ...content}: Omit<Manifest, 'digest'> & {digest?: string}): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

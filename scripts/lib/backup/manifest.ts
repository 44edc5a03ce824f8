// What a backup says of itself: where it came from, what a restore needs beside it, and every entry with its digest.
import {createHash} from 'node:crypto'
import {canonicalJson} from '../release/canonicalJson.ts'
import {z} from '../zod.ts'

/** Raised when the meaning of a manifest changes. */
export const manifestSchema = 1

/** The first entry of every archive. */
export const manifestName = 'manifest.json'

/** Larger ones are refused before they are read into memory. */
export const manifestMaximumBytes = 128 * 1024 * 1024

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const path = z.string().min(1)
const mode = z.int().min(0).max(0o777)

const entry = z.discriminatedUnion('kind', [
  z.strictObject({kind: z.literal('folder'), path, mode}),
  z.strictObject({kind: z.literal('link'), path, target: path}),
  z.strictObject({
    kind: z.literal('file'),
    path,
    mode,
    bytes: z.int().min(0),
    sha256,
    /** Milliseconds since 1970. */
    modifiedMs: z.number(),
  }),
])

const artifact = z.strictObject({tree: z.string(), origin: z.string(), version: z.string(), digest: z.string()})

export const manifestShape = z.strictObject({
  schema: z.literal(manifestSchema),
  /** SHA-256 of the canonical JSON of everything else in this object. */
  digest: sha256,
  fleet: z.string(),
  environment: z.string(),
  /** Digest of the release that was live. */
  release: sha256,
  run: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  seaworthy: z.string(),
  /** The environment's root at that time; descriptions of instances hold paths below it. */
  root: z.string(),
  /** Declared state by server, and which of it was not there. */
  state: z.record(z.string(), z.strictObject({paths: z.array(z.string()), absent: z.array(z.string())})),
  /** What the live release is made of. `contained`: its whole folder is in the archive; else it is built anew. */
  needs: z.strictObject({
    contained: z.boolean(),
    node: z.string(),
    platform: z.string(),
    artifacts: z.array(artifact),
  }),
  /** In the order of the archive; a folder comes before what is in it. */
  entries: z.array(entry),
})

export type Manifest = z.infer<typeof manifestShape>
export type ManifestEntry = Manifest['entries'][number]

/** The digest that a manifest with this content has. */
export function manifestDigest({digest: _, ...content}: Omit<Manifest, 'digest'> & {digest?: string}): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

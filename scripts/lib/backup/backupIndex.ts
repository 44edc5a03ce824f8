// The index of an environment's backups, kept in its root, oldest first in the order in which they were made.
import {statSync} from 'node:fs'
import {hostname} from 'node:os'
import {basename, isAbsolute} from 'node:path'
import {name} from '../fleet/name.ts'
import type {Documents} from '../records/documents.ts'
import {readDocument} from '../records/readDocument.ts'
import {z} from '../saved/zod.ts'

const key = 'backups.json'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'should be 64 hexadecimal digits')

/** By hand, before a deploy changed live, or before a restore replaced what was live. */
const reason = z.enum(['manual', 'deploy', 'restore'])

/** One backup, which was read back before it came into the index. */
const indexedBackup = z.strictObject({
  /** Absolute, on `host`. */
  path: z.string().refine(isAbsolute, 'should be an absolute path'),
  host: z.string(),
  release: sha256,
  run: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  bytes: z.int().min(0),
  /** Digest of the archive. */
  sha256,
  withCode: z.boolean(),
  /** Earlier versions did not write the following. */
  reason: reason.optional(),
  /** Servers whose state is in it. */
  servers: z.array(name).optional(),
  /** Without the key of an encrypted one only what was to be encrypted was read back. */
  readBack: z.enum(['whole', 'before encryption']).optional(),
})

export type BackupReason = z.infer<typeof reason>
export type IndexedBackup = z.infer<typeof indexedBackup>

/** Empty when there is none yet. Throws a `UserError` for one that was never written so. */
export async function readIndex(documents: Pick<Documents, 'read' | 'place'>): Promise<IndexedBackup[]> {
  const path = documents.place(key)
  const read = await readDocument<IndexedBackup[]>(documents, key, {
    what: 'the index of backups',
    shape: z.array(indexedBackup),
    remedy: `move it away (mv ${path} ${path}.damaged): backups need no index, pnpm rollback --from-backup takes their files`,
  })
  return read ?? []
}

export function writeIndex({write}: Pick<Documents, 'write'>, backups: readonly IndexedBackup[]): Promise<void> {
  return write(key, `${JSON.stringify(backups, null, 2)}\n`)
}

/** Whether its file is here with the right size. That of another host cannot be seen, so it is not. */
export function isThere({path, host, bytes}: Pick<IndexedBackup, 'path' | 'host' | 'bytes'>): boolean {
  return host === hostname() && statSync(path, {throwIfNoEntry: false})?.size === bytes
}

/** What the name of a backup ends with that a restore made of what it replaced, which may be broken. */
export const beforeRestore = '.before-restore'

/** Also without the index, by its name. */
export function isBeforeRestore({path, reason}: Pick<IndexedBackup, 'path' | 'reason'>): boolean {
  return reason === 'restore' || basename(path).includes(`${beforeRestore}.`)
}

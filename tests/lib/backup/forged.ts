// Archives whose manifest fits their entries, as somebody makes them who wants to get out of the folder.
import {createHash} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {type Manifest, type ManifestEntry, manifestDigest} from '../../../scripts/lib/backup/manifest.ts'
import {type TarItem, tarStream} from '../../../scripts/lib/backup/tarStream.ts'

/** Where the state of the server of the test environment lies in an archive. */
export const stateInArchive = 'environment/instances/live/state/memory'

export const evilText = 'evil'

/** A file that holds `evilText`. */
export function evilFile(path: string): ManifestEntry {
  const sha256 = createHash('sha256').update(evilText).digest('hex')
  return {kind: 'file', path, mode: 0o644, bytes: evilText.length, sha256, modifiedMs: 0}
}

export function foldersOf(path: string): ManifestEntry[] {
  return path
    .split('/')
    .map((_, index, names) => ({kind: 'folder', path: names.slice(0, index + 1).join('/'), mode: 0o755}))
}

/** The entries with each folder that they need, in the order of an archive. */
export function inFolders(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const folders = entries.flatMap(({path}) => (path.includes('/') ? foldersOf(path.replace(/\/[^/]*$/, '')) : []))
  const known = new Map([...folders, ...entries].map(entry => [entry.path, entry]))
  return [...known.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}

export function itemOf(entry: ManifestEntry): TarItem {
  return entry.kind === 'file' ? {entry, content: Buffer.from(evilText)} : {entry}
}

/** The manifest with other content, and the digest that belongs to it. */
export function redigested(manifest: Manifest, changes: Record<string, unknown>): Manifest {
  const content = {...manifest, ...changes} as Manifest
  return {...content, digest: manifestDigest(content)}
}

/** The bytes of a tar archive that begins with the manifest. */
export function tarOf(manifest: unknown, items: readonly TarItem[]): Buffer {
  const bytes = Buffer.from(typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
  const first: TarItem = {
    entry: {kind: 'file', path: 'manifest.json', mode: 0o600, bytes: bytes.length, sha256: '', modifiedMs: 0},
    content: bytes,
  }
  return Buffer.concat([...tarStream([first, ...items], new Date())].map(part => Buffer.from(part)))
}

/** Writes an archive of that manifest, each file of which holds `evilText`. */
export function writeForged(file: string, manifest: Manifest): void {
  writeFileSync(file, gzipSync(tarOf(manifest, manifest.entries.map(itemOf))))
}

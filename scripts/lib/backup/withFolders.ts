// Completes entries by the folders in which they lie, and puts them in the order of an archive.
import {posix} from 'node:path'
import type {ManifestEntry} from './manifest.ts'

/** Sorted by path, so that a folder comes before what is in it. */
export function withFolders(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const known = new Map(entries.map(entry => [entry.path, entry]))
  for (const {path} of entries)
    for (let folder = posix.dirname(path); folder !== '.' && !known.has(folder); folder = posix.dirname(folder))
      known.set(folder, {kind: 'folder', path: folder, mode: 0o755})
  return [...known.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}

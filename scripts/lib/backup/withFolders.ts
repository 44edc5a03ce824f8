// Completes entries by the folders in which they lie, and puts them in the order of an archive.
import {posix} from 'node:path'
import type {ManifestEntry} from './manifest.ts'

/** Sorted by path, so that a folder comes before what is in it, and a file before its other names. */
export function withFolders(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const known = new Map(entries.map(entry => [entry.path, entry]))
  for (const {path} of entries)
    for (let folder = posix.dirname(path); folder !== '.' && !known.has(folder); folder = posix.dirname(folder))
      known.set(folder, {kind: 'folder', path: folder, mode: 0o755})
  return filesFirst([...known.values()].sort((one, other) => (one.path < other.path ? -1 : 1)))
}

// Of several names of one file the first in the archive is the file, whichever was found first.
function filesFirst(sorted: readonly ManifestEntry[]): ManifestEntry[] {
  const files = new Map(sorted.flatMap(entry => (entry.kind === 'file' ? [[entry.path, entry] as const] : [])))
  const firstName = new Map<string, string>()
  return sorted.map(entry => {
    if (entry.kind !== 'file' && entry.kind !== 'same') return entry
    const found = entry.kind === 'same' ? entry.target : entry.path
    const first = firstName.get(found)
    if (first !== undefined) return {kind: 'same', path: entry.path, target: first}
    firstName.set(found, entry.path)
    const file = files.get(found)
    return file === undefined ? entry : {...file, path: entry.path}
  })
}

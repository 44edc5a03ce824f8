// The manifest of a folder: one line an entry, whose SHA-256 is the digest of the tree.
import {hash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setImmediate} from 'node:timers/promises'
import {type TreeEntry, treeEntries} from './tree.ts'

export interface TreeManifest {
  /** Lines `<what> "<path>"`, sorted by path, where what is a folder, a link with its target, or a file's mode and SHA-256. */
  text: string
  digest: string
}

/** Files are read one after the other: for small files that is faster than handing each to a thread. */
export async function treeManifest(
  root: string,
  signal: AbortSignal,
  keep?: (name: string) => boolean,
): Promise<TreeManifest> {
  const lines: string[] = []
  for (const entry of treeEntries(root, keep)) {
    lines.push(`${described(root, entry)} ${JSON.stringify(entry.path)}\n`)
    if (lines.length % 256 === 0) await setImmediate()
    signal.throwIfAborted()
  }
  const text = lines.join('')
  return {text, digest: hash('sha256', text, 'hex')}
}

function described(root: string, entry: TreeEntry): string {
  if (entry.kind === 'folder') return 'folder'
  if (entry.kind === 'link') return `link ${JSON.stringify(entry.target)}`
  return `${entry.executable ? 'program' : 'file'} ${hash('sha256', readFileSync(join(root, entry.path)), 'hex')}`
}

/** What differs between two manifests, as sentences parts: "a.js is missing", "b.js changed", "c.js is extra". */
export function manifestFaults(expected: string, got: string): string[] {
  const before = byPath(expected)
  const after = byPath(got)
  return [
    ...[...before.keys()].filter(path => !after.has(path)).map(path => `${path} is missing`),
    ...[...before]
      .filter(([path, what]) => after.has(path) && after.get(path) !== what)
      .map(([path]) => `${path} changed`),
    ...[...after.keys()].filter(path => !before.has(path)).map(path => `${path} is extra`),
  ]
}

function byPath(manifest: string): Map<string, string> {
  const lines = manifest.split('\n').filter(line => line !== '')
  return new Map(
    lines.map(line => {
      const begin = line.startsWith('link') ? line.search(/"(?:[^"\\]|\\.)*"$/) : line.indexOf('"')
      return [JSON.parse(line.slice(begin)) as string, line.slice(0, begin)]
    }),
  )
}

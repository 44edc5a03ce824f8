// The files of a server's own code: what its folder holds, or its own package, without the libraries of others in it.
import {existsSync, readFileSync, statSync} from 'node:fs'
import {join, normalize} from 'node:path'
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import {treeEntries} from '../../lib/release/tree.ts'

export interface SourceFile {
  /** As people find it: below the fleet file's folder, or below the release. */
  path: string
  text: string
  /** Whether it was written by the maker of the server, not made by a build out of much else. */
  written: boolean
}

const largestBytes = 4_000_000

export interface SourceFiles {
  /** Sorted by path. */
  files: SourceFile[]
  /** Files that were not read for their size. */
  large: string[]
  /** Folders of libraries of others, which were not entered. */
  vendored: string[]
  /** Paths that the fleet file leaves out, with its reason, and whether anything is there. */
  excluded: {path: string; reason: string; found: boolean}[]
}

/** Undefined when none of it is on this machine. */
export function sourceFiles(
  {name, source}: Pick<FleetServer, 'name' | 'source'>,
  {folder, releaseFolder}: {folder: string; releaseFolder: string},
): SourceFiles | undefined {
  const released = join(releaseFolder, 'servers', name)
  const own = source.folder === undefined ? undefined : join(folder, source.folder)
  const roots = [
    ...(own !== undefined && existsSync(own) ? [{root: own, shown: source.folder ?? '', written: true}] : []),
    ...(source.npm === undefined
      ? [{root: released, shown: `servers/${name}`, written: source.build === undefined && !existsSync(own ?? '')}]
      : [
          {
            root: join(released, 'node_modules', packageName(source.npm)),
            shown: packageName(source.npm),
            written: true,
          },
        ]),
  ].filter(({root}) => existsSync(root))
  if (roots.length === 0) return undefined
  const large: string[] = []
  const vendored: string[] = []
  const met = new Set<string>()
  const left = source.notScanned ?? []
  const isOwn = (root: string, shown: string) => (entry: string, path: string) => {
    // Hidden files are not part of a release.
    if (entry.startsWith('.')) return false
    const excluded = left.find(one => plainPath(one.path) === path)
    if (excluded !== undefined) met.add(excluded.path)
    else if (isVendored(entry, join(root, path))) vendored.push(`${shown}/${path}`)
    else return true
    return false
  }
  const files = roots.flatMap(({root, shown, written}) =>
    treeEntries(root, isOwn(root, shown)).flatMap(entry => {
      if (entry.kind !== 'file') return []
      const path = `${shown}/${entry.path}`
      if (statSync(join(root, entry.path)).size > largestBytes) large.push(path)
      const text = large.includes(path) ? undefined : readText(join(root, entry.path))
      return text === undefined ? [] : [{path, text, written}]
    }),
  )
  return {
    files,
    large,
    vendored: vendored.sort(),
    excluded: left.map(({path, reason}) => ({path, reason, found: met.has(path)})),
  }
}

function packageName(spec: string): string {
  return spec.slice(0, spec.lastIndexOf('@'))
}

// By the names that package managers of several languages and people give them; a virtual environment of Python has any name.
const libraryFolders = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'third_party',
  'site-packages',
  '__pycache__',
])

function isVendored(name: string, path: string): boolean {
  return libraryFolders.has(name) || existsSync(join(path, 'pyvenv.cfg'))
}

function plainPath(path: string): string {
  return normalize(path).replace(/\/+$/, '')
}

function readText(path: string): string | undefined {
  const bytes = readFileSync(path)
  return bytes.subarray(0, 8000).includes(0) ? undefined : bytes.toString('utf8')
}

// The files of a server's own code: what its folder holds, or its own package without its dependencies.
import {existsSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
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

/** Texts of its own code, sorted by path; `large` are files that were not read. Undefined when none of it is on this machine. */
export function sourceFiles(
  {name, source}: Pick<FleetServer, 'name' | 'source'>,
  {folder, releaseFolder}: {folder: string; releaseFolder: string},
): {files: SourceFile[]; large: string[]} | undefined {
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
  const files = roots.flatMap(({root, shown, written}) =>
    treeEntries(root, isOwn).flatMap(entry => {
      if (entry.kind !== 'file') return []
      const path = `${shown}/${entry.path}`
      if (statSync(join(root, entry.path)).size > largestBytes) large.push(path)
      const text = large.includes(path) ? undefined : readText(join(root, entry.path))
      return text === undefined ? [] : [{path, text, written}]
    }),
  )
  return {files, large}
}

function packageName(spec: string): string {
  return spec.slice(0, spec.lastIndexOf('@'))
}

/** What is installed is not its own, and hidden files are not part of a release. */
function isOwn(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.')
}

function readText(path: string): string | undefined {
  const bytes = readFileSync(path)
  return bytes.subarray(0, 8000).includes(0) ? undefined : bytes.toString('utf8')
}

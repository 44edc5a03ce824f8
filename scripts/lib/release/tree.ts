// Lists the entries of a folder in an order that is the same everywhere.
import {lstatSync, readdirSync, readlinkSync} from 'node:fs'
import {join} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {nameOf, shownName} from '../files/byteName.ts'

export type TreeEntry =
  | {kind: 'folder'; path: string}
  | {kind: 'link'; path: string; target: string}
  | {kind: 'file'; path: string; executable: boolean}

/** Sorted by code units of the path, which is relative to `root`. `keep` says which names, and paths below `root`, are entered. */
export function treeEntries(root: string, keep: (name: string, path: string) => boolean = () => true): TreeEntry[] {
  const entries: TreeEntry[] = []
  const enter = (below: string) => {
    for (const found of readdirSync(join(root, below), {withFileTypes: true, encoding: 'buffer'})) {
      const name = nameOf(found.name)
      const path = below === '' ? name : `${below}/${name}`
      if (!keep(name, path)) continue
      if (!name.isWellFormed())
        throw new UserError(`${shownName(join(root, path))}: its name should be UTF-8`, 'give it another name')
      if (found.isDirectory()) {
        entries.push({kind: 'folder', path})
        enter(path)
      } else if (found.isSymbolicLink()) entries.push({kind: 'link', path, target: readlinkSync(join(root, path))})
      else if (found.isFile()) entries.push({kind: 'file', path, executable: isExecutable(join(root, path))})
      else throw new UserError(`${join(root, path)}: should be a file, a folder or a link, and is none of these`)
    }
  }
  enter('')
  return entries.sort((one, other) => (one.path < other.path ? -1 : 1))
}

function isExecutable(path: string): boolean {
  return (lstatSync(path).mode & 0o100) !== 0
}

// Lists what is below some paths of a folder, with what tells a later look whether any of it changed.
import {type BigIntStats, lstatSync, readdirSync, readlinkSync} from 'node:fs'
import {join, normalize} from 'node:path'

export type Listed =
  | {kind: 'file' | 'folder' | 'other'; path: string; identity: string}
  | {kind: 'link'; path: string; identity: string; target: string}

/** Paths are relative to `folder`, which is `.` itself. A path that is not there has no entry. */
export function listSource(folder: string, paths: readonly string[]): Listed[] {
  const entries = new Map<string, Listed>()
  const enter = (path: string) => {
    const stats = look(join(folder, path))
    if (stats === undefined) return
    entries.set(path, listed(folder, path, stats))
    if (!stats.isDirectory()) return
    for (const name of readdirSync(join(folder, path))) enter(path === '.' ? name : `${path}/${name}`)
  }
  for (const path of paths) enter(plainPath(path))
  return [...entries.values()]
}

/** `./data/` as `data`, and the folder itself as `.`. */
export function plainPath(path: string): string {
  return normalize(path).replace(/\/+$/, '') || '.'
}

function listed(folder: string, path: string, stats: BigIntStats): Listed {
  const {size, mtimeNs, ctimeNs, ino, mode} = stats
  // What a folder holds is listed itself; its own times change when a socket in it is made anew.
  if (stats.isDirectory()) return {kind: 'folder', path, identity: String(mode)}
  const identity = [size, mtimeNs, ctimeNs, ino, mode].join(' ')
  if (stats.isSymbolicLink()) return {kind: 'link', path, identity, target: readlinkSync(join(folder, path))}
  return stats.isFile() ? {kind: 'file', path, identity} : {kind: 'other', path, identity: ''}
}

function look(path: string): BigIntStats | undefined {
  return lstatSync(path, {bigint: true, throwIfNoEntry: false})
}

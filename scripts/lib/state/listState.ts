// Lists what is below some paths of a folder, with what tells a later look whether any of it changed.
import {type BigIntStats, lstatSync, readdirSync} from 'node:fs'
import {join, normalize} from 'node:path'
import {UserError} from '../errors/userError.ts'
import {nameOf, pathOf, shownName} from '../files/byteName.ts'
import {linkReader} from '../files/linkReader.ts'
import {keptLink} from './keptLink.ts'

export type Listed =
  | {kind: 'folder'; path: string; identity: string; mode: number; modifiedMs: number}
  | {
      kind: 'file'
      path: string
      identity: string
      bytes: number
      /** The listed path that is another name of the same file: both are hard links to it. */
      sameAs: string | undefined
    }
  | {
      kind: 'link'
      path: string
      identity: string
      modifiedMs: number
      /** As it is to be kept: relative, also where it is an absolute path into the folder. */
      target: string
      /** Where it leads to when that is not in the folder. */
      outside: string | undefined
    }
  /** Sockets and the like, and links that lead to such a thing outside: they hold nothing that could be kept. */
  | {kind: 'other'; path: string; identity: string}

/**
 * Paths are relative to `folder`, which is `.` itself. One that does not exist has no entry; one that lies behind a link is
 * refused with a `UserError`. Names that are not UTF-8 are texts as `nameOf` makes them.
 */
export function listState(folder: string, paths: readonly string[]): Listed[] {
  const entries = new Map<string, Listed>()
  const names = new Map<string, string>()
  const targetOf = linkReader(folder)
  const enter = (path: string) => {
    if (entries.has(path)) return
    const stats = lstatSync(pathOf(join(folder, path)), {bigint: true, throwIfNoEntry: false})
    if (stats === undefined) return
    entries.set(path, listed({folder, path, stats, names, targetOf}))
    if (!stats.isDirectory()) return
    for (const name of readdirSync(pathOf(join(folder, path)), {encoding: 'buffer'}))
      enter(path === '.' ? nameOf(name) : `${path}/${nameOf(name)}`)
  }
  for (const path of paths.map(plainPath)) {
    refuseBehindLink(folder, path, targetOf)
    enter(path)
  }
  return [...entries.values()]
}

/** `./data/` as `data`, and the folder itself as `.`. */
export function plainPath(path: string): string {
  return normalize(path).replace(/\/+$/, '') || '.'
}

interface Found {
  folder: string
  path: string
  stats: BigIntStats
  /** First path of each file that has several. */
  names: Map<string, string>
  targetOf: (path: string) => string | undefined
}

function listed({folder, path, stats, names, targetOf}: Found): Listed {
  const {size, mtimeNs, ctimeNs, ino, mode} = stats
  const modifiedMs = Number(mtimeNs) / 1e6
  // What a folder holds is listed itself; its own times change when a socket in it is made again.
  if (stats.isDirectory())
    return {
      kind: 'folder',
      path,
      identity: String(mode),
      mode: Number(mode) & 0o777,
      modifiedMs: Math.round(modifiedMs),
    }
  const identity = [size, mtimeNs, ctimeNs, ino, mode].join(' ')
  if (stats.isFile()) return {kind: 'file', path, identity, bytes: Number(size), sameAs: sameAs(path, stats, names)}
  const text = stats.isSymbolicLink() ? targetOf(path) : undefined
  if (text === undefined) return {kind: 'other', path, identity: ''}
  // The folder itself: what it leads to is no part of it.
  if (path === '.') return {kind: 'link', path, identity, modifiedMs, target: text, outside: text}
  const kept = keptLink({folder, path, target: text, targetOf})
  return kept === 'nothing to keep'
    ? {kind: 'other', path, identity: ''}
    : {kind: 'link', path, identity, modifiedMs, ...kept}
}

function sameAs(path: string, {nlink, dev, ino}: BigIntStats, names: Map<string, string>): string | undefined {
  if (nlink < 2n) return undefined
  const file = `${dev} ${ino}`
  const first = names.get(file)
  if (first === undefined) names.set(file, path)
  return first
}

// What lies behind a link is not part of the folder, and a restore could not put it there.
function refuseBehindLink(folder: string, path: string, targetOf: (path: string) => string | undefined): void {
  const names = path.split('/').slice(0, -1)
  for (const [index] of names.entries()) {
    const above = names.slice(0, index + 1).join('/')
    const target = targetOf(above)
    if (target === undefined) continue
    throw new UserError(
      `${shownName(join(folder, path))} should lie in ${folder} itself, but ${shownName(above)} there is a link to ${shownName(target)}`,
      'declare the path to which the link leads, or move what it leads to into its place',
    )
  }
}

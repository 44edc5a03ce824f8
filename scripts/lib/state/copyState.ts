// Copies state that may be in use, faithfully or not at all, and proves that the copy is what was there at one moment.
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {UserError} from '../errors/userError.ts'
import {shownName} from '../files/byteName.ts'
import {removeTree} from '../files/removeTree.ts'
import {type CopiedEntry, copyEntries, isGone} from './copyEntries.ts'
import {copyFile} from './copyFile.ts'
import {digestFile} from './digestFile.ts'
import type {Hold} from './holdServer.ts'
import {type Listed, listState, plainPath} from './listState.ts'
import {quickCopy} from './quickCopy.ts'

export interface CopyState {
  /** For messages: `state of memory`. */
  what: string
  from: string
  /** What is copied, relative to `from`; `.` is all of it. */
  paths: readonly string[]
  /** Removed and made again for each try. */
  to: string
  /** Each name of a file becomes a file of its own. */
  separate?: boolean
  /** Holds the writer still where the state does not hold still by itself. */
  hold?: Hold | undefined
  /** Sees every part of every file; `path` is below `from`. A further try of the same file begins with `onTry`. */
  onChunk?: (path: string, chunk: Uint8Array) => void
  onTry?: () => void
  signal: AbortSignal
  /** Doubles each time. */
  pauseMs?: number
}

export interface CopiedState {
  entries: CopiedEntry[]
  /** Given paths that were not there. */
  absent: string[]
  /** Sockets, pipes and devices, which hold nothing that could be kept. */
  skipped: string[]
  /** How long the writer was held still, in milliseconds; absent where it was not. */
  heldMs?: number
}

const attempts = 5

/**
 * Everything is copied, then listed and read again: what is the same before and after was the same in between, so that the
 * copies of all files are of one moment. When something changed each time the writer is held still for one more try.
 * Throws a `UserError` when that is not possible, or not enough.
 */
export async function copyState({pauseMs = 100, ...options}: CopyState): Promise<CopiedState> {
  const {what, hold, signal} = options
  let changed: string[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await pause(pauseMs * 2 ** (attempt - 1), undefined, {signal})
    const taken = await copyInUse(options)
    if (!Array.isArray(taken)) return taken
    changed = taken
  }
  const sentence = `the ${what} changed each of the ${attempts} times that it was copied: ${shown(changed)}`
  if (hold?.during === undefined)
    throw new UserError(sentence, hold?.instead ?? 'try again at a quieter moment, or stop what writes to it')
  const held = await copyHeld(options, hold.during)
  if (!('missed' in held)) return held
  throw new UserError(`${sentence}; then ${held.missed}`, hold.instead)
}

// The copies of one moment, or what changed meanwhile.
async function copyInUse(options: CopyState): Promise<CopiedState | string[]> {
  const {from, onChunk, signal} = options
  clear(options)
  const before = list(options)
  const copied = await copyEntries({
    ...options,
    listed: before,
    copy: (source, to, path) => copyFile({from: source, to, onChunk: chunk => onChunk?.(path, chunk), signal}),
  })
  if (copied === undefined) return ['a file went away']
  const changed = new Set<string>()
  for (const entry of copied) {
    if (entry.kind !== 'file') continue
    // Contents as well as times: a file may be written twice within one tick of the clock.
    const digest = await digestFile(join(from, entry.path), signal).catch(undefinedIfGone(from))
    if (digest !== entry.sha256) changed.add(entry.path)
  }
  for (const path of differences(before, list(options))) changed.add(path)
  return changed.size > 0 ? [...changed] : described(options, before, copied)
}

// What is held is only copied; digests are taken of the copies afterwards, so that it is held for no longer than it must.
async function copyHeld(
  options: CopyState,
  during: NonNullable<Hold['during']>,
): Promise<CopiedState | {missed: string}> {
  const {to, onChunk, signal} = options
  clear(options)
  const {result, heldMs, inTime} = await during(async () => {
    const before = list(options)
    const copied = await copyEntries({...options, listed: before, copy: quickCopy})
    return {before, copied, changed: differences(before, list(options))}
  })
  const {before, copied, changed} = result
  const seconds = (heldMs / 1000).toFixed(1)
  if (!inTime) return {missed: `its server was held still, but to copy it took longer: ${seconds} s`}
  if (copied === undefined || changed.length > 0)
    return {missed: `its server was held still for ${seconds} s, and it changed all the same: ${shown(changed)}`}
  const entries: CopiedEntry[] = []
  for (const entry of copied) {
    const seen = (chunk: Uint8Array) => onChunk?.(entry.path, chunk)
    const isFile = entry.kind === 'file'
    entries.push(isFile ? {...entry, sha256: await digestFile(join(to, entry.path), signal, seen)} : entry)
  }
  return {...described(options, before, entries), heldMs}
}

function shown(paths: readonly string[]): string {
  return paths.slice(0, 5).map(shownName).join(', ')
}

function list({from, paths, separate}: CopyState): Listed[] {
  const listed = listState(from, paths)
  return separate ? listed.map(one => (one.kind === 'file' ? {...one, sameAs: undefined} : one)) : listed
}

function clear({to, onTry}: CopyState): void {
  removeTree(to)
  mkdirSync(to, {recursive: true})
  onTry?.()
}

function described({paths}: CopyState, listed: readonly Listed[], entries: CopiedEntry[]): CopiedState {
  const there = new Set(listed.map(({path}) => path))
  return {
    entries,
    absent: paths.map(plainPath).filter(path => !there.has(path)),
    skipped: listed.flatMap(({kind, path}) => (kind === 'other' ? path : [])),
  }
}

function differences(before: readonly Listed[], after: readonly Listed[]): string[] {
  const now = new Map(after.map(one => [one.path, identityOf(one)]))
  const changed = before.filter(one => now.get(one.path) !== identityOf(one)).map(({path}) => path)
  for (const {path} of before) now.delete(path)
  return [...changed, ...now.keys()]
}

function identityOf(one: Listed): string {
  return JSON.stringify([one.kind, one.identity, one.kind === 'link' ? [one.target, one.outside] : 0])
}

function undefinedIfGone(folder: string): (thrown: unknown) => undefined {
  return thrown => {
    if (!isGone(thrown, folder)) throw thrown
  }
}

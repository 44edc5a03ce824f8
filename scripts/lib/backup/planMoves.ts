// Decides which names a restore changes: those of the backup that differ from what is there.
import {existsSync, lstatSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {recordShape} from '../records/recordShapes.ts'
import {shortDigest} from '../release/release.ts'
import type {Manifest} from './manifest.ts'
import {placesOf, stateBelow} from './restorePlaces.ts'
import type {Move, Part} from './restorePlan.ts'

export interface PlanMoves {
  manifest: Manifest
  /** Its folder of the restore has `staged/` and gets `previous/`. */
  root: string
  parts: ReadonlySet<Part>
  /** Servers whose state is not the same already. */
  differing: ReadonlySet<string>
}

/** In the order in which they are made: the pointer last, so that it never names what is not there. */
export function planMoves(options: PlanMoves): {moves: Move[]; notes: string[]} {
  const {manifest, root, parts} = options
  const move = (part: Part, below: string, server?: string) => moveOf(options, part, below, server)
  const notes: string[] = []
  const moves: Move[] = []
  const files = manifest.entries.flatMap(({kind, path}) => (kind === 'file' ? path : []))
  if (parts.has('code')) {
    // Nothing else that may be called a release in it: what a restore starts is the one that the backup names.
    const own = `releases/${shortDigest(manifest.release)}`
    const folders = manifest.entries.some(({path, kind}) => kind === 'folder' && path === `environment/${own}`)
      ? [own]
      : []
    // What is there has the same digest in its name; whoever starts it looks whether it is whole.
    moves.push(...folders.filter(below => !existsSync(join(root, below))).map(below => move('code', below)))
    if (folders.length === 0)
      notes.push(`the code of the release is not in the backup; it is built from the same checkout`)
  }
  if (parts.has('state'))
    for (const [server, {paths}] of Object.entries(manifest.state))
      if (options.differing.has(server))
        moves.push(...paths.map(path => move('state', join(stateBelow(server), path), server)))
  if (parts.has('records')) {
    const records = files.flatMap(path => /^environment\/(records\/[0-9a-f]{64}(\.json|\/.+))$/.exec(path)?.[1] ?? [])
    const staged = (below: string) => placesOf(root, below).staged
    for (const below of records.filter(one => !isWhole(join(root, one)))) {
      // A record that is there knows more than the one of an earlier day. One that nobody can read would stop every command.
      if (isWhole(staged(below))) moves.push(move('records', below))
      else notes.push(`${below} of the backup is damaged, so it is left out`)
    }
  }
  if (parts.has('instance')) {
    if (manifest.root === root) {
      const below = ['instance.json', 'ingress/routes.json'].map(name => `instances/live/${name}`)
      const there = below.filter(path => files.includes(`environment/${path}`))
      moves.push(...there.map(path => move('instance', path)))
    } else
      notes.push(`the instance is not described: the backup is of ${manifest.root}, and its paths are not those here`)
  }
  if (parts.has('pointer') && files.includes('environment/live.json')) moves.push(move('pointer', 'live.json'))
  return {moves: moves.filter(one => one.staged !== undefined || one.previous !== undefined), notes}
}

/** Where the state of a server lies in a root. */
export function stateFolder(root: string, server: string): string {
  return join(root, stateBelow(server))
}

function moveOf({root}: PlanMoves, part: Part, below: string, server?: string): Move {
  const {target, staged, previous} = placesOf(root, below)
  return {
    part,
    server,
    target,
    staged: isThere(staged) ? staged : undefined,
    previous: isThere(target) ? previous : undefined,
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, {throwIfNoEntry: false}) !== undefined
}

function isWhole(path: string): boolean {
  try {
    const value: unknown = path.endsWith('.json') ? JSON.parse(readFileSync(path, 'utf8')) : undefined
    const [, release] = /\/records\/([0-9a-f]{64})\.json$/.exec(path) ?? []
    if (release === undefined) return existsSync(path)
    const read = recordShape.safeParse(value)
    return read.success && read.data.release === release
  } catch {
    // What cannot be read is replaced by that of the backup.
    return false
  }
}

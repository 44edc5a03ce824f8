// Changes the state of servers together with their copies: to that of a backup, or back from it.
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {applyRestore, endRestore, undoRestore} from '../backup/applyRestore.ts'
import {stateFolder} from '../backup/planMoves.ts'
import {previousName, restoreFolder} from '../backup/restorePlaces.ts'
import {type RestorePlan, readRestore} from '../backup/restorePlan.ts'
import {readStagedManifest} from '../backup/stageRestore.ts'
import {stateChange} from '../backup/stateChange.ts'
import {UserError} from '../errors/userError.ts'
import type {Changes} from '../files/changes.ts'
import {namesIfThere} from '../files/ifThere.ts'
import {removeTree} from '../files/removeTree.ts'
import type {EntryBody} from '../journal/entry.ts'
import {endLeftRestore} from './endLeftRestore.ts'
import {copyIn, type Transition} from './transition.ts'

/** No copy of a server may run while its state changes; each of these may be begun again after a kill. */
export interface StateSwap {
  concerns: (server: string) => boolean
  /** Gives a server the state that the new copy begins with. Throws when it is not as it should be. */
  enter: (server: string) => Promise<void>
  /** Gives it back the state that the old copy had. */
  leave: (server: string) => Promise<void>
  /** The change is over and was found good: what no copy waited for changes as well. Gives where the replaced state is kept. */
  end: () => Promise<string | undefined>
}

export interface SwapState {
  root: string
  run: string
  record: (entry: EntryBody) => void
  signal: AbortSignal
  changes: Changes
}

/** Undefined for a change that leaves state alone. */
export function stateSwap(transition: Transition, options: SwapState): StateSwap | undefined {
  const {restore, to} = transition
  if (restore === undefined) return undefined
  const {root, run, changes} = options
  const concerns = (server: string) => restore.servers.includes(server)
  const apply = async (server: string) => {
    const plan = presentPlan(root)
    changes.assert()
    applyRestore(root, plan, {parts: ['state'], servers: [server]})
    mkdirSync(stateFolder(root, server), {recursive: true})
    await proveState(server, plan, options)
  }
  const undo = async (server: string) => {
    changes.assert()
    undoRestore(root, presentPlan(root), {parts: ['state'], servers: [server]})
    mkdirSync(stateFolder(root, server), {recursive: true})
  }
  const isDue = (server: string, swap: (server: string) => Promise<void>) =>
    concerns(server) ? swap(server) : Promise.resolve()
  const [there, back] = restore.way === 'apply' ? [apply, undo] : [undo, apply]
  return {
    concerns,
    enter: server => isDue(server, there),
    leave: server => isDue(server, back),
    end: async () => {
      const plan = readRestore(root)
      changes.assert()
      // A kill after the restore had ended, and before the change had.
      if (plan === undefined) {
        endLeftRestore(root)
        return undefined
      }
      if (restore.way === 'undo') {
        undoRestore(root, plan, {parts: ['records', 'state']})
        endRestore(root)
        return undefined
      }
      for (const server of restore.servers) if (copyIn(to, server) === undefined) await apply(server)
      return keepReplaced(root, run)
    },
  }
}

/** What the restore replaced was written after the last backup, in part, so it is kept until the next restore ends. */
function keepReplaced(root: string, run: string): string {
  const folder = join(root, 'set-aside')
  const kept = `restore-${run}`
  endRestore(root, join(folder, kept))
  for (const name of namesIfThere(folder))
    if (name.startsWith('restore-') && name !== kept) removeTree(join(folder, name))
  return join(folder, kept)
}

/** The requests of the server wait meanwhile: about a second for each gigabyte. */
async function proveState(server: string, plan: RestorePlan, {root, record, signal}: SwapState): Promise<void> {
  const manifest = readStagedManifest(plan)
  const beganAt = performance.now()
  const folder = stateFolder(root, server)
  const {added, removed, changed} = await stateChange({manifest, server, folder, signal})
  const differing = added + removed + changed
  const before = plan.servers.find(one => one.server === server)
  record({
    type: 'check',
    phase: 'restore',
    check: 'restore/state',
    server,
    verdict: differing === 0 ? 'pass' : 'fail',
    detail:
      differing === 0
        ? `its state is that of the backup: ${before?.added ?? 0} files came back, ${before?.changed ?? 0} have other contents again, ${before?.removed ?? 0} went away`
        : `${differing} files are not as the backup has them`,
    value: differing,
    limit: 0,
    unit: 'files',
    remedy: differing === 0 ? undefined : `look at the disk below ${folder}`,
    ms: Math.round(performance.now() - beganAt),
  })
  if (differing > 0)
    throw new UserError(`${folder}: ${differing} files should be as in ${plan.file}, and are not`, 'check the disk')
}

function presentPlan(root: string): RestorePlan {
  const plan = readRestore(root)
  if (plan === undefined)
    throw new UserError(
      `${root}: restore.json should say what the restore under way moves, it is gone`,
      `put it back, then pnpm resume; what the restore replaced is in ${join(restoreFolder(root), previousName)}`,
    )
  return plan
}

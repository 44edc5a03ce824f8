// Applies a transition: the ingress first where there is none, then server by server in the order in which they depend.
import type {Rollout} from '../fleet/schema.ts'
import {hasItsCode} from '../instance/codeOf.ts'
import {forgetStopped} from '../instance/stoppedFile.ts'
import type {Documents} from '../records/documents.ts'
import type {Instance} from '../target/instance.ts'
import {changeBatches} from './changeBatches.ts'
import {type Changed, type ChangeServer, changeServer, revertServer} from './changeServer.ts'
import {type PrepareInstance, prepareInstance} from './prepareInstance.ts'
import {type RouteWriter, routeWriter} from './routeWriter.ts'
import {copyIn, type ServerChange, type Transition} from './transition.ts'

export interface RunTransition extends Omit<ChangeServer, 'routes' | 'setStage'>, Omit<PrepareInstance, 'instance'> {
  /** Makes the transition as it is now survive a kill. */
  save: (transition: Transition) => Promise<void>
  documents: Documents
  onChanged: (changed: Changed) => Promise<void>
  /** How a change of live proceeds; a rehearsal and a way back change all that they can at the same time. */
  rollout?: Rollout
}

/**
 * True when every server changed, or all but as many as the rollout's budget allows. Over it no further batch is begun. A transition that was interrupted can
 * be run again: what is switched stays so, and a program that runs already is not started twice.
 */
export async function runTransition(options: RunTransition): Promise<boolean> {
  const {transition, target, save, onChanged, signal, rollout, changes, documents} = options
  const {from, to, stages} = transition
  changes.assert()
  // Laid out before it is on record, so that whoever undoes it finds the scripts that end what was started.
  if (to !== undefined) await prepareInstance({...options, instance: to})
  await save(transition)
  if (from === undefined && to !== undefined) await forgetStopped(documents, to.folder)
  const here = ingressSide(transition)
  const routes: RouteWriter = routeWriter({instance: here, target, shell: options.shell, transition, changes})
  // The servers of an instance that begins need no ingress to become ready, so they start beside it.
  const ingressUp = from === undefined ? startIngress(here, routes, options) : Promise.resolve()
  ingressUp.catch(() => undefined)
  if (needsNewIngress(transition)) await restartIngress(here, to ?? here, routes, options)
  const stagesSaved: Promise<void>[] = []
  const setStage: ChangeServer['setStage'] = (server, stage) => {
    stages[server] = stage
    const saved = save(transition)
    stagesSaved.push(saved)
    return saved
  }
  const failed: string[] = []
  const budget = rollout?.failureBudget ?? 0
  for (const batch of changeBatches(transition, rollout)) {
    signal.throwIfAborted()
    const changeOne = async (change: ServerChange) => {
      const result = await changeServer(change, {...options, routes, setStage})
      if (!result.ready) failed.push(change.server)
      await onChanged({...result, tolerated: !result.ready && failed.length <= budget})
    }
    stagesSaved.length = 0
    const inPlace = batch.filter(changesInPlace).map(changeOne)
    for (const one of inPlace) one.catch(() => undefined)
    // Requests wait for what changes in its place: the ingress gets those routes before anything else is begun.
    await Promise.allSettled(stagesSaved)
    const others = batch.filter(change => !changesInPlace(change)).map(changeOne)
    await allEnded([ingressUp, ...inPlace, ...others])
    if (failed.length <= budget) continue
    if (rollout?.onFailure === 'rollback-batch') {
      const back = batch.filter(({server, kind}) => kind !== 'keep' && !failed.includes(server))
      await Promise.all(back.map(change => revertServer(change, {...options, routes, setStage})))
    }
    if (rollout !== undefined && rollout.onFailure !== 'rollback-all')
      await save(Object.assign(transition, {halted: true}))
    return false
  }
  await ingressUp
  // Within the budget a server goes on with its old copy, which then belongs to what is live.
  for (const server of failed) keepOld(transition, server)
  if (failed.length > 0) await save(transition)
  // Where no copy changed, nothing has told the ingress yet by which names it is called.
  if (from !== undefined) await routes.write()
  return true
}

function changesInPlace({kind, strategy}: ServerChange): boolean {
  return kind === 'replace' && strategy === 'recreate'
}

// Whoever hears that one threw may go back at once, so none of the others may be at work still.
async function allEnded(changes: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(changes)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** A server goes on with its old copy, which then belongs to what is live. */
export function keepOld(transition: Transition, server: string): void {
  const {from, to, changes, stages} = transition
  const old = copyIn(from, server)
  if (to === undefined) return
  const others = to.servers.filter(copy => copy.name !== server)
  to.servers = old === undefined ? others : to.servers.map(copy => (copy.name === server ? old : copy))
  transition.changes = changes.map(change => (change.server === server ? {...change, kind: 'keep'} : change))
  stages[server] = 'settled'
}

/** The side whose ingress serves during the change. */
export function ingressSide({from, to}: Transition): Instance {
  const instance = from ?? to
  if (instance === undefined) throw new Error('a transition has at least one side')
  return instance
}

// It goes on over a change, but not where its program is gone: it could not be started again when it ends. After a kill right
// here it is started a second time, which does no harm.
function needsNewIngress({from, to}: Transition): boolean {
  return (
    from !== undefined && to !== undefined && !hasItsCode(from.ingress.argv, from) && hasItsCode(to.ingress.argv, to)
  )
}

async function restartIngress(
  from: Instance,
  to: Instance,
  routes: RouteWriter,
  {shell, target}: Pick<RunTransition, 'shell' | 'target'>,
): Promise<void> {
  await shell.run(target.stopIngress(from))
  await startIngress(to, routes, {shell, target})
}

// The first routes are written before the ingress reads them, so that it never serves without any.
async function startIngress(
  instance: Instance,
  routes: RouteWriter,
  {shell, target}: Pick<RunTransition, 'shell' | 'target'>,
): Promise<void> {
  const written = routes.write()
  await Promise.all([shell.run(target.startIngress(instance)), written])
}

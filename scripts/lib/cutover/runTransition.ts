// Applies a transition: the ingress first where there is none, then server by server in the order in which they depend.
import type {Instance} from '../instance/instance.ts'
import {type Changed, type ChangeServer, changeServer} from './changeServer.ts'
import {type PrepareInstance, prepareInstance} from './prepareInstance.ts'
import {type RouteWriter, routeWriter} from './routeWriter.ts'
import type {ServerChange, Transition} from './transition.ts'

export interface RunTransition extends Omit<ChangeServer, 'routes' | 'setStage'>, Omit<PrepareInstance, 'instance'> {
  /** Makes the transition as it is now survive a kill. */
  save: (transition: Transition) => void
  onChanged: (changed: Changed) => Promise<void>
}

/**
 * True when every server changed. A batch is not begun when one before it failed. A transition that was interrupted can
 * be run again: what is switched stays so, and a program that runs already is not started twice.
 */
export async function runTransition(options: RunTransition): Promise<boolean> {
  const {transition, target, save, onChanged, signal} = options
  const {from, to, stages} = transition
  // Laid out before it is on record, so that whoever undoes it finds the scripts that end what was started.
  if (to !== undefined) prepareInstance({...options, instance: to})
  save(transition)
  const here = ingressSide(transition)
  const routes: RouteWriter = routeWriter(here, target, transition)
  if (from === undefined) await startIngress(here, routes, options)
  const setStage: ChangeServer['setStage'] = (server, stage) => {
    stages[server] = stage
    save(transition)
  }
  for (const batch of batchesOf(transition)) {
    signal.throwIfAborted()
    const changed = await Promise.all(
      batch.map(async change => {
        const result = await changeServer(change, {...options, routes, setStage})
        await onChanged(result)
        return result
      }),
    )
    if (changed.some(one => !one.ready)) return false
  }
  return true
}

/** The side whose ingress serves during the change. */
export function ingressSide({from, to}: Transition): Instance {
  const instance = from ?? to
  if (instance === undefined) throw new Error('a transition has at least one side')
  return instance
}

// The first routes are written before the ingress reads them, so that it never serves without any.
async function startIngress(instance: Instance, routes: RouteWriter, {shell, target}: RunTransition): Promise<void> {
  const written = routes.write()
  await Promise.all([shell.run(target.startIngress(instance)), written])
}

function batchesOf({to, changes, stages}: Transition): ServerChange[][] {
  const isDue = ({server, kind}: ServerChange) =>
    kind === 'keep' || stages[server] === 'waiting' || stages[server] === 'held'
  const known = to?.batches ?? []
  const inBatch = known.map(names => names.flatMap(name => changes.find(change => change.server === name) ?? []))
  const rest = changes.filter(change => !known.flat().includes(change.server))
  return [...inBatch, rest].map(batch => batch.filter(isDue)).filter(batch => batch.length > 0)
}

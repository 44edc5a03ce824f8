// One way of a drill: changes a rehearsal to a release by the same engine that changes live, and times it.
import type {Fleet} from '../fleet/resolveFleet.ts'
import {saveInstance} from '../instance/savedInstance.ts'
import {readRelease} from '../release/readRelease.ts'
import type {Release} from '../release/release.ts'
import type {StepContext} from '../step/step.ts'
import type {Instance} from '../target/instance.ts'
import type {Target} from '../target/target.ts'
import type {Changed, ChangeServer} from './changeServer.ts'
import {copyName, layOut} from './layOut.ts'
import {planTransition} from './planTransition.ts'
import {runTransition} from './runTransition.ts'
import {settle} from './settle.ts'
import type {Transition} from './transition.ts'

// Idle sessions of the held clients never end by themselves, and one that is ended starts over: that is seen in a moment.
const drillDrainMs = 500

export interface DrillGoal {
  fleet: Fleet
  release: Release
  releaseFolder: string
}

export interface DrillLeg {
  context: StepContext
  target: Target
  attempt: ChangeServer['attempt']
  from: Instance
  to: DrillGoal
  /** Tells the copies of this leg from those of the others. */
  generation: string
}

export interface DrilledLeg {
  /** Until traffic goes to the goal. */
  ms: number
  /** What did not come up; undefined when everything did. */
  detail: string | undefined
  /** A busy machine may be why, for each server that did not come up. */
  hampered: boolean
  instance: Instance
}

export async function drillLeg({context, target, attempt, from, to, generation}: DrillLeg): Promise<DrilledLeg> {
  const {run, signal, documents, changes} = context
  const shell = context.shell(from.name)
  const laidOut = await layOut({...to, copy: copyName(run, generation), name: from.name, live: from})
  const planned = planTransition(
    'deploy',
    run,
    {instance: from, release: readRelease(from.releaseFolder)},
    {instance: laidOut, release: to.release},
  )
  const transition = everythingNew(planned, laidOut)
  const failed: Changed[] = []
  const save = () => saveInstance(documents, withBoth(transition))
  const beganAt = performance.now()
  const common = {transition, target, shell, signal, save, changes, documents}
  await runTransition({
    ...common,
    fleetFolder: context.fleet.folder,
    stateOf: undefined,
    attempt,
    onChanged: async changed => {
      context.record({type: 'fact', name: 'drill.changed', value: changed})
      if (!changed.ready) failed.push(changed)
    },
  })
  const ms = performance.now() - beganAt
  if (failed.length > 0) {
    const detail = failed.map(one => `${one.server} did not come up: ${one.detail}`).join('; ')
    return {ms, detail, hampered: failed.every(one => one.hampered === true), instance: from}
  }
  await settle({
    ...common,
    transition: {...transition, purpose: 'finish'},
    drainAtMostMs: drillDrainMs,
    onDrained: (server, value) => context.record({type: 'fact', name: `drained.${server}`, value}),
  })
  await saveInstance(documents, laidOut)
  return {ms, detail: undefined, hampered: false, instance: laidOut}
}

// A drill proves that every server can be changed, also those that a real change would keep.
function everythingNew(planned: Transition, to: Instance): Transition {
  const changes = planned.changes.map(change =>
    change.kind === 'keep' ? {...change, kind: 'replace' as const} : change,
  )
  return {...planned, to, changes, stages: Object.fromEntries(changes.map(({server}) => [server, 'waiting' as const]))}
}

// After a kill in the middle the clean-up must end the copies of both sides.
function withBoth({from, to}: Transition): Instance {
  if (from === undefined || to === undefined) throw new Error('a drill has two sides')
  return {...to, servers: [...to.servers, ...from.servers]}
}

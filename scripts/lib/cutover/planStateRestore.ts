// The transition that restores state alone: release and configuration stay, and only the servers concerned change their copies.
import type {RestorePlan} from '../backup/restorePlan.ts'
import {UserError} from '../errors/userError.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {readRelease} from '../release/readRelease.ts'
import {shortDigest} from '../release/release.ts'
import type {StepContext} from '../step/step.ts'
import type {Target} from '../target/target.ts'
import {copyName, layOut} from './layOut.ts'
import {changedServers, liveSide, recordRestore} from './planRestore.ts'
import {planTransition, type Side} from './planTransition.ts'
import {copyIn, type Transition} from './transition.ts'

/** Throws a `UserError` when nothing is live, or it is not known with which configuration. */
export async function planStateRestore(plan: RestorePlan, context: StepContext, target: Target): Promise<Transition> {
  const {run, fleet: here, records, documents} = context
  const live = await readInstance(documents, here.root, 'live')
  if (live === undefined)
    throw new UserError(
      `nothing is live in ${here.environment}, so there is no release to which state alone could be restored`,
      'leave --state-only and --server out: then release and configuration come from the backup as well',
    )
  const deployed = (await records.release(live.release))?.deployed?.fleet
  if (deployed === undefined)
    throw new UserError(
      `${here.root}: the record of release ${shortDigest(live.release)}, which is live, does not say with which configuration`,
      'leave --state-only and --server out, or deploy first: pnpm deploy:production',
    )
  const release = readRelease(live.releaseFolder)
  const from = await liveSide(context, target)
  const instance = await layOut({
    fleet: {...deployed, root: here.root, folder: here.folder},
    copy: copyName(run),
    release,
    releaseFolder: live.releaseFolder,
    name: 'live',
    live: from?.instance,
  })
  const servers = changedServers(plan)
  const transition = planTransition('restore', run, from, {instance, release}, new Set(servers))
  recordRestore(plan, context, live.release)
  return {...keepOthers(transition, from, servers), restore: {way: 'apply', servers}}
}

/** Whatever else would be a reason to restart a copy that runs: its state is none of this restore. */
function keepOthers(
  transition: ReturnType<typeof planTransition>,
  from: Side | undefined,
  restored: readonly string[],
): Transition {
  const {changes, stages, to} = transition
  const kept = new Set(
    changes.flatMap(({server, kind}) =>
      kind === 'replace' && !restored.includes(server) && from?.running?.has(server) === true ? [server] : [],
    ),
  )
  const running = (server: string) => (kept.has(server) ? copyIn(from?.instance, server) : undefined)
  return {
    ...transition,
    to: {...to, servers: to.servers.map(server => running(server.name) ?? server)},
    changes: changes.map(change => (kept.has(change.server) ? {...change, kind: 'keep' as const} : change)),
    stages: {...stages, ...Object.fromEntries([...kept].map(server => [server, 'settled' as const]))},
  }
}

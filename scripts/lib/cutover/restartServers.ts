// Replaces instances of servers by new ones of the same release, one server after the other, without losing a call.

import {UserError} from '../errors/userError.ts'
import {saveInstance} from '../instance/savedInstance.ts'
import {readRelease} from '../release/readRelease.ts'
import {shortDigest} from '../release/release.ts'
import type {StepContext} from '../step/step.ts'
import type {Instance} from '../target/instance.ts'
import type {Target} from '../target/target.ts'
import type {Changed, ChangeServer} from './changeServer.ts'
import {copyName, layOut} from './layOut.ts'
import {recordChanged} from './recordChanged.ts'
import {writeRollbackScript} from './rollbackScript.ts'
import {keepOld, runTransition} from './runTransition.ts'
import {servingNow} from './servingNow.ts'
import {settle} from './settle.ts'
import {copyIn, type Transition} from './transition.ts'
import {endTransition, saveTransition} from './transitionFile.ts'

export interface RestartServers {
  context: StepContext
  target: Target
  attempt: ChangeServer['attempt']
}

export interface Restarted {
  /** The stack as it is then. */
  instance: Instance
  /** Of each server that was tried; one that did not become ready keeps its instance of before, and none after it is tried. */
  changed: Changed[]
}

// A bad cause, such as a full disk, is to hit one server and not all.
const oneByOne = {canary: 1, growth: 1, failureBudget: 0, onFailure: 'rollback-all'} as const

/**
 * On record while it goes on: after a kill, `pnpm resume` continues it. Its purpose on record is a rollback to the same
 * release, since that is what is continued and never undone. Throws a `UserError` when the release cannot be started.
 */
export async function restartServers(
  live: Instance,
  names: readonly string[],
  {context, target, attempt}: RestartServers,
): Promise<Restarted> {
  const {fleet, record, signal, say, changes, documents} = context
  const shell = context.shell('live')
  const to = await withNewCopies(live, names, context)
  const order = live.batches.flat().filter(name => names.includes(name))
  const transition: Transition & {to: Instance} = {
    run: context.run,
    purpose: 'rollback',
    from: live,
    to,
    changes: order.map(server => ({
      server,
      kind: 'replace',
      strategy: copyIn(to, server)?.settings.cutover ?? 'recreate',
    })),
    stages: Object.fromEntries(order.map(server => [server, 'waiting'])),
  }
  const changed: Changed[] = []
  const save = (saved: Transition) => saveTransition(documents, saved)
  const common = {transition, target, shell, signal, save, changes, documents}
  try {
    await runTransition({
      ...common,
      rollout: oneByOne,
      fleetFolder: fleet.folder,
      stateOf: undefined,
      attempt,
      onChanged: async one => {
        changed.push(one)
        await recordChanged(one, {instance: transition.to, target, shell, record})
      },
    })
    // The one that did not come up, and those that were not tried, go on as they were.
    for (const server of order) if (transition.stages[server] === 'waiting') keepOld(transition, server)
    await save(transition)
    await saveInstance(documents, transition.to)
    writeRollbackScript({instance: transition.to, release: readRelease(live.releaseFolder), target, changes})
    await settle({...common, drainAtMostMs: Number.POSITIVE_INFINITY})
  } catch (thrown) {
    if (signal.aborted)
      say(`  ended in the middle of a restart; requests go to ${servingNow(transition)}\n  → pnpm resume`)
    throw thrown
  }
  await endTransition(documents)
  return {instance: transition.to, changed}
}

async function withNewCopies(live: Instance, names: readonly string[], {run, records}: StepContext): Promise<Instance> {
  const deployed = (await records.release(live.release))?.deployed
  if (deployed === undefined)
    throw new UserError(
      `the configuration with which release ${shortDigest(live.release)} is live is not on record`,
      'deploy it again: pnpm deploy:production',
    )
  const laidOut = await layOut({
    fleet: deployed.fleet,
    copy: copyName(run, 'r'),
    release: readRelease(live.releaseFolder),
    releaseFolder: live.releaseFolder,
    name: 'live',
    live,
  })
  const servers = live.servers.map(server =>
    names.includes(server.name) ? (copyIn(laidOut, server.name) ?? server) : server,
  )
  return {...live, servers}
}

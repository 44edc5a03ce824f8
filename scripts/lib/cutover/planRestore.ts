// The transition from what is live to what a backup has: release, configuration and state. Nothing live is touched.
import {otherBackup} from '../backup/archiveFault.ts'
import type {RestorePlan} from '../backup/restorePlan.ts'
import {readStaged} from '../backup/stageRestore.ts'
import {UserError} from '../errors/userError.ts'
import type {Fleet} from '../fleet/resolveFleet.ts'
import {keepable} from '../instance/codeOf.ts'
import {stopInstance} from '../instance/endInstance.ts'
import {readInstance} from '../instance/savedInstance.ts'
import {recordShape} from '../records/recordShapes.ts'
import type {ReleaseRecord} from '../records/records.ts'
import {releaseIn} from '../release/readRelease.ts'
import {shortDigest} from '../release/release.ts'
import {parseSaved} from '../saved/readJson.ts'
import type {StepContext} from '../step/step.ts'
import type {Instance} from '../target/instance.ts'
import type {Target} from '../target/target.ts'
import {copyName, layOut} from './layOut.ts'
import {planTransition, type Side} from './planTransition.ts'
import {releaseOfBackup} from './releaseOfBackup.ts'
import type {Transition} from './transition.ts'

/** Throws a `UserError` when the release or its configuration cannot be had. */
export async function planRestore(plan: RestorePlan, context: StepContext, target: Target): Promise<Transition> {
  const {run} = context
  const fleet = await configuration(plan, context)
  const {release, releaseFolder} = await releaseOfBackup(plan, fleet, context)
  const from = await liveSide(context, target)
  const live = from?.instance
  const instance = await layOut({fleet, copy: copyName(run), release, releaseFolder, name: 'live', live})
  const servers = changedServers(plan)
  const transition = planTransition('restore', run, from, {instance, release}, new Set(servers))
  recordRestore(plan, context, plan.release)
  return {...transition, restore: {way: 'apply', servers}}
}

/** Servers whose state is not what the backup has. */
export function changedServers({servers}: RestorePlan): string[] {
  return servers.filter(one => one.added + one.removed + one.changed > 0).map(one => one.server)
}

/** `release` is the one that is to be live. */
export function recordRestore({file, at, servers}: RestorePlan, {record, fleet}: StepContext, release: string): void {
  record({type: 'fact', name: 'restore', value: {environment: fleet.environment, file, at, release, servers}})
}

// As it was when the backup was made, though the environment may lie elsewhere now.
async function configuration({file, release, folder}: RestorePlan, {fleet, records}: StepContext): Promise<Fleet> {
  const text = readStaged({folder}, `environment/records/${release}.json`)
  const damaged = (fault: string) =>
    new UserError(`${file}: the record of release ${shortDigest(release)} in it ${fault}`, otherBackup)
  const record =
    text === undefined ? await records.release(release) : (parseSaved(text, recordShape, damaged) as ReleaseRecord)
  const deployed = record?.deployed?.fleet
  if (deployed === undefined)
    throw new UserError(
      `${file}: does not say with which configuration release ${shortDigest(release)} was live`,
      'take another backup, or deploy',
    )
  return {...deployed, root: fleet.root, folder: fleet.folder}
}

/** What is described but does not run, as after a reboot, is no side to change from: everything starts again. */
export async function liveSide(
  {fleet, documents, shell: shellOf, say}: StepContext,
  target: Target,
): Promise<Side | undefined> {
  const instance: Instance | undefined = await readInstance(documents, fleet.root, 'live')
  if (instance === undefined) return undefined
  const shell = shellOf('live')
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  const running = new Set(programs.filter(program => program.running).map(program => program.name))
  if (running.has('ingress'))
    return {instance, release: releaseIn(instance.releaseFolder).release, running: keepable(instance, running)}
  say('  what was live does not run any more, so everything is restarted')
  await stopInstance(instance, target, shell)
  return undefined
}

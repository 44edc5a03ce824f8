// Puts live to what a backup has, proves it, and puts everything back when that does not succeed.
import {relative} from 'node:path'
import {applyRestore, endRestore, undoRestore} from '../backup/applyRestore.ts'
import {backUpLive} from '../backup/backUpLive.ts'
import {backupKey} from '../backup/backupKey.ts'
import {findBackup} from '../backup/findBackup.ts'
import {backupFolder} from '../backup/makeBackup.ts'
import {type RestorePlan, readRestore} from '../backup/restorePlan.ts'
import {stageRestore} from '../backup/stageRestore.ts'
import {exitCode} from '../errors/exitCode.ts'
import {explain} from '../errors/explain.ts'
import {StepFailure} from '../errors/stepFailure.ts'
import {UserError} from '../errors/userError.ts'
import type {Verdict} from '../errors/verdict.ts'
import {shortDigest} from '../release/release.ts'
import {endLeftRestore} from './endLeftRestore.ts'
import {type GoBack, goBack} from './goBack.ts'
import {planRestore} from './planRestore.ts'
import {planStateRestore} from './planStateRestore.ts'
import {putBack} from './putBack.ts'
import {servingNow} from './servingNow.ts'
import {reversed, type Transition} from './transition.ts'
import {readTransition} from './transitionFile.ts'

export interface RestoreLive extends Omit<GoBack, 'transition'> {
  /** A file, the name of a backup or its beginning, or `latest`. */
  named: string
  /** Goes without a backup of what is live, as where the disk is full or the state never holds still. */
  withoutBackup: boolean
  /** Release and configuration stay; only state is restored. */
  stateOnly: boolean
  /** Only the state of these; of all when it is empty. */
  servers: readonly string[]
}

/**
 * `fail` when live could not become what the backup has; then it is what it was before. Throws a `UserError` for a backup that
 * cannot be restored, before anything of live is touched, and a `StepFailure` with exit code 3 when there is no way back either.
 */
export async function restoreLive(options: RestoreLive): Promise<Verdict> {
  const {context} = options
  const {fleet, record, say} = context
  const unfinished = await readTransition(context.documents, fleet.root)
  if (unfinished !== undefined)
    throw new UserError(`run ${unfinished.run} left a ${unfinished.purpose} unfinished`, 'pnpm resume recovers it')
  endLeftRestore(fleet.root)
  const plan = await stage(options)
  const transition = await prepared(plan, options)
  if (isThere(transition)) {
    endRestore(fleet.root)
    say(`  live is what ${plan.file} has already: nothing is to be done`)
    return 'pass'
  }
  const [from, to] = [transition.from?.release, transition.to?.release ?? plan.release]
  const reason = context.flags.own.reason ?? `restored from ${plan.file}`
  record({type: 'fact', name: 'rollback', value: {from, to, reason}})
  const why = await tried(transition, options)
  if (why === undefined) {
    const {file, sha256, bytes} = plan
    record({type: 'backup', event: 'restored', path: relative(fleet.folder, file), sha256, bytes})
    if (from !== undefined && from !== to)
      record({type: 'release', release: to, event: 'rolled-back', detail: `from ${shortDigest(from)}`})
    return 'pass'
  }
  say(`  the restore did not succeed: ${why}`)
  say('  everything is put back')
  await putBack({...options, transition: reversed(transition, context.run)})
  return 'fail'
}

async function stage({named, context, stateOnly, servers}: RestoreLive): Promise<RestorePlan> {
  const {fleet, say, signal, variables} = context
  const {root, name, environment} = fleet
  const found = await findBackup({documents: context.documents, folder: backupFolder(fleet), named})
  const plan = await stageRestore({
    ...found,
    root,
    fleet: name,
    environment,
    parts: stateOnly ? ['state'] : ['records', 'code', 'state'],
    servers: servers.length === 0 ? undefined : servers,
    key: backupKey(fleet, variables),
    signal,
  })
  say(`  ${relative(fleet.folder, plan.file)}, made ${plan.at}, is whole: release ${shortDigest(plan.release)}`)
  for (const {server, added, removed, changed} of plan.servers)
    say(
      added + removed + changed === 0
        ? `  ${server}: its state is the same already`
        : `  ${server}: ${added} files come back, ${changed} get other contents, ${removed} go away`,
    )
  return plan
}

async function prepared(plan: RestorePlan, options: RestoreLive): Promise<Transition> {
  const {context, target, withoutBackup, stateOnly} = options
  const {root} = context.fleet
  try {
    if (!withoutBackup) await backUpLive(context, target, {withCode: false, now: new Date(), reason: 'restore'})
    const transition = await (stateOnly ? planStateRestore : planRestore)(plan, context, target)
    applyRestore(root, plan, {parts: ['records']})
    return transition
  } catch (thrown) {
    undoRestore(root, plan, {parts: ['records']})
    endRestore(root)
    throw thrown
  }
}

function isThere({changes, restore, from, to}: Transition): boolean {
  const isKept = changes.every(change => change.kind === 'keep')
  return isKept && restore?.servers.length === 0 && from?.release === to?.release
}

/** Why it did not succeed; undefined when it did. */
async function tried(transition: Transition, options: RestoreLive): Promise<string | undefined> {
  const {say, signal, fleet} = options.context
  try {
    const verdict = await goBack({...options, transition})
    return verdict === 'pass' ? undefined : `it was judged ${verdict}`
  } catch (thrown) {
    if (!signal.aborted) {
      // Without its plan there is no way back, and what was found good is not taken back because its end failed.
      if (transition.purpose === 'restore' && readRestore(fleet.root) !== undefined) return explain(thrown)
      throw new StepFailure(
        exitCode.rollbackFailed,
        `the restore could not finish: ${explain(thrown)}\nrequests go to ${servingNow(transition)}`,
        'a person is needed: pnpm status; fix what is named, then pnpm resume goes on with it',
        {cause: thrown},
      )
    }
    say(`  ended in the middle of a restore; requests go to ${servingNow(transition)}`)
    say('  → pnpm resume puts everything back')
    throw thrown
  }
}

// Puts the last verified release back: undoes a change that is under way, or changes live to an earlier release or a backup.
import {isServing} from './lib/cutover/anew.ts'
import {bringBack} from './lib/cutover/bringBack.ts'
import {earlierRelease, type PutBackAlready, putBackAlready} from './lib/cutover/earlierRelease.ts'
import {endLeftRestore} from './lib/cutover/endLeftRestore.ts'
import {finishTransition} from './lib/cutover/finishTransition.ts'
import type {GoBack} from './lib/cutover/goBack.ts'
import {putBack} from './lib/cutover/putBack.ts'
import {restoreLive} from './lib/cutover/restoreLive.ts'
import type {Transition} from './lib/cutover/transition.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {wayBack} from './lib/cutover/wayBack.ts'
import {UserError} from './lib/errors/userError.ts'
import type {Verdict} from './lib/errors/verdict.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {decisiveVerdict, entriesOf} from './lib/journal/facts.ts'
import {shortDigest} from './lib/release/release.ts'
import {liveText} from './lib/status/liveText.ts'
import {type StepContext, step} from './lib/step/step.ts'
import type {Shell} from './lib/target/shell.ts'
import type {Target} from './lib/target/target.ts'
import {climbServer} from './phases/climbServer.ts'
import {phaseNames} from './phases/index.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

const flags = {
  to: {type: 'string'},
  'from-backup': {type: 'string'},
  'without-backup': {type: 'boolean'},
  'state-only': {type: 'boolean'},
  reason: {type: 'string'},
} as const

await step(
  {name: '90-rollback', targets: targetNames, phases: phaseNames, flags, lockedTo: 'roll back', tellsAlone: true},
  async context => {
    const beganAt = performance.now()
    const {fleet, record, say, signal} = context
    const target = targetOf(fleet.target)
    const way: Omit<GoBack, 'transition'> = {
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: context.secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    }
    const {'from-backup': named, 'without-backup': withoutBackup, 'state-only': stateOnly, to: goal} = context.flags.own
    const {servers} = context.flags
    if (typeof named === 'string') {
      if (goal !== undefined)
        throw new UserError(
          '--to and --from-backup contradict each other',
          'a backup names its release: leave --to out',
        )
      const verdict = await restoreLive({
        ...way,
        named,
        withoutBackup: withoutBackup === true,
        // Whoever names servers wants their state, and not another release of all.
        stateOnly: stateOnly === true || servers.length > 0,
        servers,
      })
      say(await liveNow(context))
      return verdict
    }
    for (const [flag, isGiven] of [
      ['--without-backup', withoutBackup === true],
      ['--state-only', stateOnly === true],
      ['--server', servers.length > 0 && context.flags.run === undefined],
    ] as const)
      if (isGiven) throw new UserError(`${flag} belongs to --from-backup`, 'leave it out: a rollback is of all servers')
    const unfinished = await readTransition(context.documents, fleet.root)
    if (unfinished === undefined) endLeftRestore(fleet.root)
    if (startedByFailure(context)) {
      if (unfinished?.run !== context.run) {
        say(`  this run did not change live, so there is nothing to put back${left(unfinished)}`)
        return undefined
      }
      if (unfinished.purpose === 'finish') {
        say(`  ${shortDigest(unfinished.to?.release ?? '')} was found good already, so it stays`)
        await finishTransition(unfinished, context, target)
        return undefined
      }
    }
    const asked = goal as string | undefined
    if (unfinished?.halted && startedByFailure(context)) {
      say('  the change is halted where it is, as the fleet file asks: pnpm rollback puts everything back')
      return undefined
    }
    const stays =
      asked === undefined && unfinished === undefined ? await putBackAlready(fleet.root, context.records) : undefined
    if (stays !== undefined) return await stay(stays, {...way, context})
    const {transition, serves} = unfinished
      ? await looked(await wayBack(unfinished, context, asked), target, context.shell('live'))
      : await earlierRelease(context, {...way, to: asked})
    const {from, to} = transition
    const reason = reasonOf(context)
    record({type: 'fact', name: 'rollback', value: {from: from?.release, to: to?.release, reason}})
    await putBack({...way, transition, serves, reason})
    if (to === undefined) say('  nothing was live before, so nothing is live now')
    else {
      record({
        type: 'release',
        release: to.release,
        event: 'rolled-back',
        detail: from === undefined ? undefined : `from ${shortDigest(from.release)}`,
      })
      const ms = Math.round(performance.now() - beganAt)
      const value = {release: to.release, rolledBackFrom: from?.release, url: to.ingress.url, ms}
      record({type: 'fact', name: 'live.now', value})
      say(`✓ ${liveText(value)}`)
    }
    return undefined
  },
)

/** Live is good and was put back already: it is only looked at, and what does not run of it is started again. */
async function stay(
  {release, left, at}: PutBackAlready,
  way: Omit<GoBack, 'transition'>,
): Promise<Verdict | undefined> {
  const {context, verify} = way
  const {fleet, say, record} = context
  const elsewhere = '→ pnpm releases shows the others, pnpm rollback --to RELEASE goes to one of them'
  say(`  ${shortDigest(release)} was put back at ${at} in place of ${shortDigest(left)}, so it stays`)
  const live = await readInstance(context.documents, fleet.root, 'live')
  if (live === undefined)
    throw new UserError(`nothing is live in ${fleet.environment}`, `pnpm rollback --to ${shortDigest(release)}`)
  await bringBack(live, way)
  const {servers, ingress} = (await readInstance(context.documents, fleet.root, 'live')) ?? live
  const called = servers.map(({name, endpoint, through}) => ({name, endpoint, through}))
  record({type: 'fact', name: 'instance', value: {name: 'live', url: ingress.url, servers: called}})
  const verdict = await verify()
  if (verdict !== 'pass') {
    say(`✗ ${shortDigest(release)} is live at ${live.ingress.url} and was judged ${verdict}`)
    say(elsewhere)
    return verdict
  }
  say(`✓ ${shortDigest(release)} is live and healthy at ${live.ingress.url}`)
  say(elsewhere)
  return undefined
}

/** Of a rollback by itself what failed first; of one by hand what was said. */
function reasonOf(context: StepContext): string {
  const {flags, entries, redact} = context
  if (typeof flags.own.reason === 'string') return redact(flags.own.reason)
  if (!startedByFailure(context)) return 'pnpm rollback'
  const steps = entriesOf(entries(), 'step')
  if (steps.some(({cancelled}) => cancelled === true)) return 'its deploy was cancelled'
  const [failed] = entriesOf(entries(), 'check').filter(check => decisiveVerdict(check) === 'fail')
  if (failed !== undefined)
    return [failed.check, failed.server]
      .flatMap(part => part ?? [])
      .join(' ')
      .concat(`: ${failed.detail}`)
  const bad = steps.find(({state, verdict}) => state === 'finished' && verdict !== 'pass')
  return `${bad?.step ?? 'a step'} ended with ${bad?.verdict ?? 'no verdict'}`
}

// Before it is written down where it goes, as that depends on it.
async function looked(transition: Transition, target: Target, shell: Shell) {
  const {from} = transition
  return {transition, serves: from !== undefined && (await isServing(from, target, shell))}
}

async function liveNow({records, fleet}: StepContext): Promise<string> {
  const live = await records.live()
  return live === undefined ? `  nothing is live in ${fleet.environment}` : `  ${shortDigest(live.release)} is live`
}

/** Whether an earlier step of the same run failed: then only what this run has changed is put back. */
function startedByFailure({entries}: StepContext): boolean {
  return entriesOf(entries(), 'step').some(
    entry => entry.step !== '90-rollback' && entry.state === 'finished' && entry.verdict !== 'pass',
  )
}

function left(unfinished: Transition | undefined): string {
  return unfinished === undefined
    ? ''
    : `; run ${unfinished.run} left a ${unfinished.purpose} unfinished, which pnpm resume puts in order`
}

// Puts the release onto its target: as a rehearsal on a rehearsal stack, or with --apply on live.
import {readRestore} from './lib/backup/restorePlan.ts'
import {isServing} from './lib/cutover/anew.ts'
import {endStandby} from './lib/cutover/endStandby.ts'
import {copyName, layOut} from './lib/cutover/layOut.ts'
import {planTransition} from './lib/cutover/planTransition.ts'
import {readIngressStatus} from './lib/cutover/readIngressStatus.ts'
import {recordChanged} from './lib/cutover/recordChanged.ts'
import {writeRollbackScript} from './lib/cutover/rollbackScript.ts'
import {runTransition} from './lib/cutover/runTransition.ts'
import {startAgain} from './lib/cutover/startAgain.ts'
import {copyIn} from './lib/cutover/transition.ts'
import {endTransition, readTransition, saveTransition} from './lib/cutover/transitionFile.ts'
import {explain} from './lib/errors/explain.ts'
import {StepFailure} from './lib/errors/stepFailure.ts'
import {UserError} from './lib/errors/userError.ts'
import {type Verdict, worst} from './lib/errors/verdict.ts'
import {environmentRoots} from './lib/fleet/environmentRoots.ts'
import {keepable} from './lib/instance/codeOf.ts'
import {stopInstance} from './lib/instance/endInstance.ts'
import {fingerprintLive} from './lib/instance/fingerprint.ts'
import {liveTraffic} from './lib/instance/liveTraffic.ts'
import {readInstance, saveInstance} from './lib/instance/savedInstance.ts'
import {changeBegins, fact} from './lib/journal/facts.ts'
import type {Plan} from './lib/plan/plan.ts'
import {refusals} from './lib/plan/promotion.ts'
import {releasesIn} from './lib/records/folderRecords.ts'
import {recordDeployed} from './lib/records/recordDeployed.ts'
import {builtRelease} from './lib/release/builtRelease.ts'
import {placeRelease} from './lib/release/placeRelease.ts'
import {releaseIn} from './lib/release/readRelease.ts'
import {type Release, shortDigest} from './lib/release/release.ts'
import {type StepContext, step} from './lib/step/step.ts'
import type {Instance} from './lib/target/instance.ts'
import type {Shell} from './lib/target/shell.ts'
import type {Target} from './lib/target/target.ts'
import {unwitnessed} from './lib/witness/witnessFacts.ts'
import {climbServer} from './phases/climbServer.ts'
import {phaseNames} from './phases/index.ts'
import {overload} from './phases/machine/overload.ts'
import {watchMachine} from './phases/machine/watchMachine.ts'
import {underWitness} from './phases/underWitness.ts'
import {verifyRollback} from './phases/verifyRollback.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '60-deploy',
    targets: targetNames,
    phases: phaseNames,
    flags: {apply: {type: 'boolean'}, override: {type: 'string'}},
    lockedTo: 'deploy',
  },
  async context => {
    const {fleet, run, record, signal, records, documents, entries, flags, changes} = context
    const applies = flags.own.apply === true
    const name = applies ? 'live' : `rehearsal-${run}`
    const target = targetOf(fleet.target)
    const shell = context.shell(name)
    const {release, path} = builtRelease(entries(), fleet.folder)
    const placed = await placeRelease({path, root: fleet.root, signal})
    record({
      type: 'release',
      release: release.digest,
      event: 'placed',
      detail: placed.done === 'there' ? 'it was there already' : undefined,
    })

    let override: string | undefined
    // Before anything of live is touched, also what is left of it.
    if (applies) {
      override = await refuse(context, release.digest)
      record({type: 'fact', name: changeBegins, value: true})
      // Each server has room for two copies, not for three.
      await endStandby({root: fleet.root, target, shell, documents})
    }

    const described = await readInstance(documents, fleet.root, 'live')
    const live = applies ? await liveAgain(described, {context, target, shell}) : described
    const running = await runningPrograms(live, target, shell)
    if (applies && live !== undefined) await tellKeptIngress(live, target, release, record)
    if (!applies) {
      record({type: 'fact', name: 'traffic.before', value: await liveTraffic(live)})
      record({type: 'fact', name: 'fingerprint.before', value: await fingerprintLive(live, target, shell, records)})
    }

    const instance = await layOut({
      fleet,
      copy: copyName(run),
      release,
      releaseFolder: placed.path,
      name,
      live: applies ? live : undefined,
    })
    const from = applies && live ? {instance: live, ...releaseIn(live.releaseFolder), running} : undefined
    const transition = planTransition('deploy', run, from, {instance, release})
    recordInstance(transition.to, record)

    using machine = watchMachine()
    const began = machine.now()
    const verdicts: Verdict[] = []
    const change = () =>
      runTransition({
        transition,
        rollout: applies ? fleet.rollout : undefined,
        target,
        shell,
        signal,
        changes,
        documents,
        fleetFolder: fleet.folder,
        stateOf: applies ? undefined : live,
        save: applies ? saved => saveTransition(documents, saved) : () => saveInstance(documents, transition.to),
        attempt: (server, timeoutMs) =>
          climbServer(server, server.endpoint, {secrets: context.secrets(name), signal}, undefined, timeoutMs),
        onChanged: async changed => {
          const busy = overload(machine.since(began))
          verdicts.push(await recordChanged(changed, {instance: transition.to, target, shell, record, busy}))
        },
      })
    // Clients are held through a change of live; a rehearsal has none before its drill.
    const watched = applies ? live : undefined
    const good =
      watched === undefined
        ? await change()
        : await underWitness(context, watched, mark => {
            mark('change')
            return change()
          })
    // How long a start took says something only beside the load of the machine in which it was.
    record({type: 'fact', name: 'machine.deploy', value: machine.since(began)})
    const added = transition.to.servers.filter(({name: server}) => copyIn(live, server) === undefined)
    if (applies)
      for (const {name: server} of added)
        record(unwitnessed(server, 'it was not live before, so no client could be held'))
    if (good && applies) {
      await saveInstance(documents, transition.to)
      await recordDeployed(records, release, {fleet, run, at: new Date().toISOString(), ...(override && {override})})
      await records.setLive({release: release.digest, since: new Date().toISOString(), run})
      writeRollbackScript({instance: transition.to, release, target, changes})
      record({type: 'release', release: release.digest, event: 'live'})
    }
    context.say(`  ${shortDigest(release.digest)} at ${instance.ingress.url}`)
    return worst(verdicts)
  },
)

// Every refusal at once. Gives the reason of an override, which is for the rehearsal and the plan, never for a change that is half done.
async function refuse(
  {fleet, raw, records, documents, entries, flags, record, redact}: StepContext,
  release: string,
): Promise<string | undefined> {
  const unfinished = await readTransition(documents, fleet.root)
  if (unfinished !== undefined)
    throw new UserError(`run ${unfinished.run} left a change of live unfinished`, 'pnpm resume recovers it')
  const restore = readRestore(fleet.root)
  if (restore !== undefined)
    throw new UserError(`a restore from ${restore.file} was begun and has not ended`, 'pnpm resume recovers it')
  const {roots, unknown: unread} = environmentRoots(raw, fleet.folder, process.env)
  const [known, live] = await Promise.all([releasesIn(Object.values(roots)), records.live()])
  const found = refusals({release, records: known, unread, plan: fact<Plan>(entries(), 'plan'), live})
  if (found.length === 0) return undefined
  const reason = flags.own.override
  if (typeof reason === 'string' && reason.trim() !== '') {
    const what = found.map(refusal => refusal.message).join('; ')
    record({type: 'fact', name: 'unproved', value: {what, why: `overridden: ${reason}`}})
    record({
      type: 'check',
      phase: 'deploy',
      check: 'deploy/promotion',
      verdict: 'skip',
      detail: `${what}; overridden: ${reason}`,
    })
    return redact(reason)
  }
  throw new UserError(found.map(({message, remedy}) => `${message}\n→ ${remedy}`).join('\n'))
}

// After a reboot live is described, but does not run. It is started again first, so that there is something to go back to.
async function liveAgain(
  described: Instance | undefined,
  {context, target, shell}: {context: StepContext; target: Target; shell: Shell},
): Promise<Instance | undefined> {
  const {fleet, say, secrets, signal, documents} = context
  if (described === undefined || (await isServing(described, target, shell))) return described
  say('  what is live does not run, as after a reboot: it is started again before it is changed')
  try {
    await startAgain(described, {
      context,
      target,
      attempt: (server, timeoutMs) =>
        climbServer(server, server.endpoint, {secrets: secrets('live'), signal}, undefined, timeoutMs),
      verify: () => verifyRollback(context, target),
    })
    return await readInstance(documents, fleet.root, 'live')
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown
    say(`  it does not come up, so everything is restarted: ${explain(thrown)}`)
    await stopInstance(described, target, shell)
    await endTransition(documents)
    return undefined
  }
}

async function runningPrograms(instance: Instance | undefined, target: Target, shell: Shell): Promise<Set<string>> {
  if (instance === undefined) return new Set()
  const programs = target.inspect.read(await shell.run(target.inspect.command(instance)))
  const kept = programs.filter(({running, supervised}) => running && supervised)
  return keepable(instance, new Set(kept.map(({name}) => name)))
}

function recordInstance({name, ingress, servers}: Instance, record: StepContext['record']): void {
  const value = {
    name,
    url: ingress.url,
    servers: servers.map(server => ({name: server.name, endpoint: server.endpoint, through: server.through})),
  }
  record({type: 'fact', name: 'instance', value})
}

// The ingress holds the clients' connections, so a change of live leaves it running; the code that it runs is told.
async function tellKeptIngress(
  live: Instance,
  target: Target,
  {ingress}: Release,
  record: StepContext['record'],
): Promise<void> {
  const runs = (await readIngressStatus(live, target))?.code
  if (runs === ingress.sha256) return
  const why = 'the ingress that runs goes on; pnpm stop, then pnpm start, begins a new one'
  record({type: 'fact', name: 'unproved', value: {what: 'the new code of the ingress', why}})
}

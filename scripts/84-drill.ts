// Rolls the rehearsal back to the last verified release and forward again, restores its state from a backup, and times all three.
import {drillRestore} from './lib/backup/drillRestore.ts'
import {drillLeg} from './lib/cutover/drillLeg.ts'
import {lastVerified} from './lib/cutover/earlierRelease.ts'
import {judgeDrilled} from './lib/cutover/judgeDrilled.ts'
import {UserError} from './lib/errors/userError.ts'
import {type Verdict, worst} from './lib/errors/verdict.ts'
import {currentInstance} from './lib/instance/currentInstance.ts'
import {readRelease} from './lib/release/readRelease.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step/step.ts'
import {isRehearsal} from './lib/target/instance.ts'
import {unwitnessed} from './lib/witness/witnessFacts.ts'
import {climbServer} from './phases/climbServer.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {overload} from './phases/machine/overload.ts'
import {watchMachine} from './phases/machine/watchMachine.ts'
import {runPhases} from './phases/runPhases.ts'
import {underWitness} from './phases/underWitness.ts'
import {warmClients} from './phases/warmClients.ts'
import {warmWitness} from './phases/warmWitness.ts'
import {targetNames, targetOf} from './targets/index.ts'

// What a team promises: bad code is gone from live within five minutes.
const immediateSeconds = 300
// And where code or state is lost, everything is back from a backup within half an hour.
const fullSeconds = 1800

const warmUp = () => Promise.all([phasesOf(['continuity']), warmClients(), warmWitness()])

await step(
  {name: '84-drill', targets: targetNames, phases: phaseNames, lockedTo: 'drill the rollback', warmUp},
  async context => {
    const {fleet, entries, record, signal, records} = context
    const twin = await currentInstance(entries(), context)
    if (!isRehearsal(twin)) throw new UserError('a drill is done on a rehearsal, and this run has none', 'pnpm drill')
    const target = targetOf(fleet.target)
    const newer = {fleet, release: readRelease(twin.releaseFolder), releaseFolder: twin.releaseFolder}
    const earlier = await lastVerified(fleet, records, twin.release)
    const goal = earlier ?? newer
    const attempt = (server: (typeof twin.servers)[number], timeoutMs: number) =>
      climbServer(server, server.endpoint, {secrets: context.secrets(twin.name), signal}, undefined, timeoutMs)

    using machine = watchMachine()
    const began = machine.now()
    const verdicts: Verdict[] = []
    const judge = (
      name: string,
      what: string,
      {ms, detail, hampered = false}: {ms: number; detail: string | undefined; hampered?: boolean},
      limit = immediateSeconds,
    ) => {
      const busy = hampered ? overload(machine.since(began)) : undefined
      const check = judgeDrilled({check: `drill/${name}`, what, ms, detail, busy, limitSeconds: limit})
      verdicts.push(check.verdict)
      record(check)
    }
    const where =
      earlier === undefined
        ? 'to fresh copies of the same release, since none was verified before'
        : `to ${shortDigest(goal.release.digest)}`
    // What the earlier release does not have goes away on the way back, and its clients with it.
    const isThroughout = (name: string) =>
      goal.fleet.servers.some(server => server.name === name && server.client.enabled)
    for (const {name} of twin.servers.filter(server => !isThroughout(server.name)))
      record(unwitnessed(name, 'the release to which the drill goes back does not have it'))
    let startedMs = 0
    await underWitness(
      context,
      {...twin, servers: twin.servers.filter(server => isThroughout(server.name))},
      async mark => {
        mark('rollback')
        const back = await drillLeg({context, target, attempt, from: twin, to: goal, generation: 'b'})
        judge('rollback', `went back ${where}`, back)
        mark('forward')
        const forward = await drillLeg({context, target, attempt, from: back.instance, to: newer, generation: 'c'})
        startedMs = forward.ms
        judge('forward', `came forward again to ${shortDigest(newer.release.digest)}`, forward)
      },
    )
    const restored = await drillRestore({
      instance: twin,
      target,
      shell: context.shell(twin.name),
      run: context.run,
      now: new Date(),
      signal,
    })
    if (restored === undefined)
      record({
        type: 'check',
        phase: 'drill',
        check: 'drill/from-backup',
        verdict: 'skip',
        detail: 'no server declares state, so a backup holds none: servers.NAME.state in the fleet file',
      })
    else {
      const {files, bytes, backupMs, restoreMs, differing} = restored
      record({type: 'fact', name: 'drill.from-backup', value: {...restored, startedMs}})
      judge(
        'from-backup',
        `${files} files of state (${(bytes / 1e6).toFixed(1)} MB) were backed up in ${Math.round(backupMs)} ms, restored and compared in ${Math.round(restoreMs)} ms; with the start of all servers`,
        {
          ms: restoreMs + startedMs,
          detail:
            differing.length === 0 ? undefined : `the restored state of ${differing.join(', ')} is not what it was`,
        },
        fullSeconds,
      )
    }
    verdicts.push(await runPhases(context, target, await phasesOf(['continuity'])))
    return worst(verdicts)
  },
)

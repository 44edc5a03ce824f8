// Rolls the rehearsal back to the last verified release and forward again, times both, and judges what is there after.
import {drillLeg} from './lib/cutover/drillLeg.ts'
import {lastVerified} from './lib/cutover/earlierRelease.ts'
import {currentInstance} from './lib/instance/currentInstance.ts'
import {isRehearsal} from './lib/instance/instance.ts'
import {readRelease} from './lib/release/readRelease.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {UserError} from './lib/userError.ts'
import {type Verdict, worst} from './lib/verdict.ts'
import {unwitnessed} from './lib/witness/witnessFacts.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames, phasesOf} from './phases/index.ts'
import {runPhases} from './phases/runPhases.ts'
import {underWitness} from './phases/underWitness.ts'
import {targetNames, targetOf} from './targets/index.ts'

// What a team promises: bad code is gone from live within five minutes.
const immediateSeconds = 300

await step(
  {name: '84-drill', targets: targetNames, phases: phaseNames, lockedTo: 'drill the rollback'},
  async context => {
    const {fleet, entries, record, signal, store} = context
    const twin = currentInstance(entries(), fleet)
    if (!isRehearsal(twin)) throw new UserError('a drill is done on a rehearsal, and this run has none', 'pnpm drill')
    const target = targetOf(fleet.target)
    const newer = {fleet, release: readRelease(twin.releaseFolder), releaseFolder: twin.releaseFolder}
    const earlier = lastVerified(fleet, store, twin.release)
    const goal = earlier ?? newer
    const attempt = (server: (typeof twin.servers)[number], timeoutMs: number) =>
      climbServer(server, server.endpoint, {secrets: context.secrets(twin.name), signal}, undefined, timeoutMs)

    const verdicts: Verdict[] = []
    const judge = (name: string, what: string, {ms, detail}: {ms: number; detail: string | undefined}) => {
      const verdict = detail === undefined && ms <= immediateSeconds * 1000 ? 'pass' : 'fail'
      verdicts.push(verdict)
      record({
        type: 'check',
        phase: 'drill',
        check: `drill/${name}`,
        verdict,
        detail: detail ?? `${what} in ${(ms / 1000).toFixed(1)} s`,
        value: Math.round(ms / 100) / 10,
        limit: immediateSeconds,
        unit: 's',
        remedy: verdict === 'pass' ? undefined : 'a rollback of this release would not work: see what did not come up',
      })
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
    await underWitness(
      context,
      {...twin, servers: twin.servers.filter(server => isThroughout(server.name))},
      async mark => {
        mark('rollback')
        const back = await drillLeg({context, target, attempt, from: twin, to: goal, generation: 'b'})
        judge('rollback', `went back ${where}`, back)
        mark('forward')
        const forward = await drillLeg({context, target, attempt, from: back.instance, to: newer, generation: 'c'})
        judge('forward', `came forward again to ${shortDigest(newer.release.digest)}`, forward)
      },
    )
    verdicts.push(await runPhases(context, target, phasesOf(['continuity'])))
    return worst(verdicts)
  },
)

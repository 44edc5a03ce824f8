// Checks what a run needs before it begins: tools, secrets, disk, ports, lock; and ends what a killed run left behind.

import {readRestore} from './lib/backup/restorePlan.ts'
import {checkWayBack} from './lib/cutover/checkWayBack.ts'
import {readTransition} from './lib/cutover/transitionFile.ts'
import {worst} from './lib/errors/verdict.ts'
import {environmentRoots} from './lib/fleet/environmentRoots.ts'
import {checkIsolation} from './lib/instance/checkIsolation.ts'
import {endStale} from './lib/instance/endStale.ts'
import {judgeSupervised} from './lib/instance/judgeSupervised.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {checkRehearsed, checkUnfinished} from './lib/plan/earlyRefusals.ts'
import {
  checkDisk,
  checkPorts,
  checkRoot,
  checkSecrets,
  checkTools,
  type PreflightCheck,
} from './lib/preflight/preflight.ts'
import {releasesIn} from './lib/records/folderRecords.ts'
import {type StepContext, step} from './lib/step/step.ts'
import type {Target} from './lib/target/target.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step(
  {
    name: '10-preflight',
    targets: targetNames,
    phases: phaseNames,
    flags: {apply: {type: 'boolean'}, override: {type: 'string'}},
    lockedTo: 'run a pipeline',
  },
  async context => {
    const {fleet, flags, record, run, secrets, signal, records, documents} = context
    const applies = flags.own.apply === true
    const override = flags.own.override as string | undefined
    const target = targetOf(fleet.target)
    record({
      type: 'fact',
      name: 'environment',
      value: {target: target.name, root: fleet.root, servers: fleet.servers.map(server => server.name)},
    })
    if (applies) record({type: 'fact', name: 'live.before', value: await liveBefore(context)})
    const tools = await checkTools(target.tools, process.env.PATH ?? '')
    const checks = [
      tools,
      checkSecrets(fleet, secrets(applies ? 'live' : `rehearsal-${run}`)),
      checkRoot(fleet.root),
      // It is found out by the tools.
      ...(tools.verdict === 'pass' ? [await checkIsolation(target, fleet, context.shell('live'))] : []),
      ...checkDisk([fleet.folder, fleet.root]),
      await checkPorts(fleet, (await records.live()) !== undefined, applies),
      ...(applies ? await earlyRefusals(context, override) : []),
      ...(applies ? [await checkWayBack({root: fleet.root, records, documents}, override, signal)] : []),
      ...(await checkSupervised(context, target)),
      await endStale({root: fleet.root, documents, run, target, shell: context.shell('live')}),
    ]
    for (const {name, ...check} of checks)
      record({type: 'check', phase: 'preflight', check: `preflight/${name}`, ...check})
    return worst(checks.map(check => check.verdict))
  },
)

async function liveBefore({fleet, records, documents}: StepContext) {
  const [pointer, live] = await Promise.all([records.live(), readInstance(documents, fleet.root, 'live')])
  return {release: pointer?.release, url: live?.ingress.url}
}

// What a later step would refuse as well, but only after a build and a backup.
async function earlyRefusals({fleet, raw, documents}: StepContext, override: string | undefined) {
  const {roots, unknown} = environmentRoots(raw, fleet.folder, process.env)
  const [records, transition] = await Promise.all([
    releasesIn(Object.values(roots)),
    readTransition(documents, fleet.root),
  ])
  const restore = readRestore(fleet.root)
  const begun = [
    ...(transition === undefined ? [] : [`run ${transition.run} left a change of live unfinished`]),
    ...(restore === undefined ? [] : [`a restore from ${restore.file} was begun and has not ended`]),
  ]
  return [checkRehearsed({fleet: fleet.name, records, unknown, override}), checkUnfinished(begun[0])]
}

async function checkSupervised({fleet, shell, documents}: StepContext, target: Target): Promise<PreflightCheck[]> {
  const live = await readInstance(documents, fleet.root, 'live')
  if (live === undefined) return []
  return [judgeSupervised(target.inspect.read(await shell('live').run(target.inspect.command(live))))]
}

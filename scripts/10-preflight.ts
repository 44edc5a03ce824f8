// Checks what a run needs before it begins: tools, secrets, disk, ports, lock; and ends what a killed run left behind.

import {checkWayBack} from './lib/checkWayBack.ts'
import {endStale} from './lib/instance/endStale.ts'
import {checkDisk, checkPorts, checkRoot, checkSecrets, checkTools} from './lib/preflight.ts'
import {step} from './lib/step.ts'
import {worst} from './lib/verdict.ts'
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
    const {fleet, flags, record, run, secrets, signal, store} = context
    const applies = flags.own.apply === true
    const override = flags.own.override as string | undefined
    const target = targetOf(fleet.target)
    record({
      type: 'fact',
      name: 'environment',
      value: {target: target.name, root: fleet.root, servers: fleet.servers.map(server => server.name)},
    })
    const checks = [
      await checkTools(target.tools, process.env.PATH ?? ''),
      checkSecrets(fleet, secrets(applies ? 'live' : `rehearsal-${run}`)),
      checkRoot(fleet.root),
      ...checkDisk([fleet.folder, fleet.root]),
      await checkPorts(fleet, store.live() !== undefined, applies),
      ...(applies ? [await checkWayBack({root: fleet.root, store}, override, signal)] : []),
      await endStale({root: fleet.root, run, target, shell: context.shell('live')}),
    ]
    for (const {name, ...check} of checks)
      record({type: 'check', phase: 'preflight', check: `preflight/${name}`, ...check})
    return worst(checks.map(check => check.verdict))
  },
)

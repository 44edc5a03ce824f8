// Puts the release onto its target: as a rehearsal on a throw-away twin, or live.
import {join} from 'node:path'
import {freePorts} from './lib/freePorts.ts'
import {fingerprintLive} from './lib/instance/fingerprint.ts'
import {planInstance} from './lib/instance/planInstance.ts'
import {readInstance} from './lib/instance/savedInstance.ts'
import {startInstance} from './lib/instance/startInstance.ts'
import {recordStarted} from './lib/recordStarted.ts'
import {builtRelease} from './lib/release/builtRelease.ts'
import {placeRelease} from './lib/release/placeRelease.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step.ts'
import {type Verdict, worst} from './lib/verdict.ts'
import {climbServer} from './phases/health.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames, targetOf} from './targets/index.ts'

await step({name: '60-deploy', targets: targetNames, phases: phaseNames, lockedTo: 'rehearse'}, async context => {
  const {fleet, run, record, signal, store, entries} = context
  const name = `rehearsal-${run}`
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

  const live = readInstance(fleet.root, 'live')
  record({type: 'fact', name: 'fingerprint.before', value: await fingerprintLive(live, target, shell, store)})

  const enabled = fleet.servers.filter(server => server.client.enabled)
  const [ingress = 0, ...ports] = await freePorts(enabled.length + 1)
  const servers = Object.fromEntries(enabled.map((server, index) => [server.name, ports[index] ?? 0]))
  const instance = planInstance({
    fleet,
    release,
    releaseFolder: placed.path,
    name,
    copy: 'twin',
    ports: {ingress, servers},
  })
  record({
    type: 'fact',
    name: 'instance',
    value: {
      name,
      url: instance.ingress.url,
      servers: instance.servers.map(server => ({
        name: server.name,
        endpoint: server.endpoint,
        through: server.through,
      })),
    },
  })

  const verdicts: Verdict[] = []
  await startInstance({
    instance,
    target,
    shell,
    signal,
    fleetFolder: fleet.folder,
    liveState: live && join(live.folder, 'state'),
    attempt: (server, timeoutMs) =>
      climbServer(server, server.endpoint, {secrets: context.secrets(name), signal}, undefined, timeoutMs),
    onStarted: async started => {
      verdicts.push(await recordStarted(started, {instance, target, shell, record}))
    },
  })
  context.say(`  ${shortDigest(release.digest)} at ${instance.ingress.url}`)
  return worst(verdicts)
})

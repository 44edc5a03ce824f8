// Builds every server into one immutable release, addressed by its content.
import {join, relative} from 'node:path'
import {buildRelease} from './lib/release/buildRelease.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step/step.ts'
import {phaseNames} from './phases/index.ts'
import {targetNames} from './targets/index.ts'

const flags = {'without-contracts': {type: 'boolean'}} as const

await step({name: '20-build', targets: targetNames, phases: phaseNames, flags}, async context => {
  const {fleet, raw, signal, record, say} = context
  const {release, path, built, reused} = await buildRelease({
    fleet,
    raw,
    buildRoot: join(fleet.folder, '.build'),
    signal,
    withoutContracts: context.flags.own['without-contracts'] === true,
  })
  const servers = Object.entries(release.servers).map(([name, {origin, version, digest}]) => ({
    name,
    package: origin,
    version,
    digest,
  }))
  record({
    type: 'fact',
    name: 'release',
    value: {digest: release.digest, path: relative(fleet.folder, path), servers, runtime: release.runtime},
  })
  const detail = `${built.length === 0 ? 'nothing built' : `built ${built.join(', ')}`}; ${reused.length} of ${built.length + reused.length} parts were there`
  record({type: 'release', release: release.digest, event: 'built', detail})
  say(`  ${servers.length} servers in release ${shortDigest(release.digest)}`)
  return undefined
})

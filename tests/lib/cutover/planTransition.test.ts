// A copy is kept over a change when nothing changed of how it runs; its supervisor holds it to its memory, so that counts.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {planTransition} from '../../../scripts/lib/cutover/planTransition.ts'
import type {Release} from '../../../scripts/lib/release/release.ts'
import {instanceIn} from '../../targets/localInstance.ts'

const release = {digest: 'd'.repeat(64), servers: {one: {argv: ['one']}}} as unknown as Release
const kindOf = (before: object, after: object) => {
  const side = (limits: object) => ({instance: instanceIn('/srv/harbour', ['one'], {limits}), release})
  return planTransition('deploy', 'run', side(before), side(after)).changes.map(({kind}) => kind)
}

test('a copy with another limit of memory, or of files, is replaced', () => {
  assert.deepEqual(kindOf({memoryMegabytes: 300}, {memoryMegabytes: 200}), ['replace'])
  assert.deepEqual(kindOf({}, {memoryMegabytes: 200}), ['replace'])
  assert.deepEqual(kindOf({memoryMegabytes: 300}, {}), ['replace'])
  assert.deepEqual(kindOf({openFiles: 300}, {openFiles: 200}), ['replace'])
})

// The port of a copy is chosen again for each, and must not be looked for in what was declared.
test('X2 whether a copy is kept is a question of what was declared, whatever digits its port has', () => {
  const side = (port: number, declared: object) => {
    const root = '/srv/harbour'
    const env = {PORT: '{port}', TIMEOUT_MS: '24000', ...declared}
    const ports = {ingress: 8700, servers: {one: port}}
    return {instance: instanceIn(root, ['one', '--port={port}', '24000'], {env}, {copy: `p${port}`, ports}), release}
  }
  const kindOf = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) =>
    planTransition('deploy', 'run', before, after).changes.map(({kind}) => kind)
  assert.deepEqual(kindOf(side(24000, {}), side(25000, {})), ['keep'], 'nothing changed')
  assert.deepEqual(kindOf(side(24000, {}), side(25000, {TIMEOUT_MS: '25000'})), ['replace'], 'a setting changed')
  assert.deepEqual(kindOf(side(24000, {}), side(24000, {TIMEOUT_MS: '{port}'})), ['replace'], 'it means something else')
  const known = side(24000, {})
  const [server] = known.instance.servers
  assert.ok(server !== undefined)
  const early = {...known, instance: {...known.instance, servers: [{...server, declared: undefined}]}}
  assert.deepEqual(kindOf(early as never, side(24000, {})), ['replace'], 'of an earlier version it is not known')
})

test('X2 a copy that has the address of the ingress is replaced with that address, and no other copy is', () => {
  const side = (name: string, argument: string) => {
    const instance = instanceIn('/srv/harbour', ['one', argument])
    return {instance: {...instance, ingress: {...instance.ingress, url: `https://${name}`}}, release}
  }
  const kindOf = (argument: string) =>
    planTransition('deploy', 'run', side('early.example', argument), side('late.example', argument)).changes[0]?.kind
  assert.deepEqual(['--public={ingress}', '--quiet'].map(kindOf), ['replace', 'keep'])
})

test('X14 nothing is kept of a release that cannot be read, nor a copy that does not run', () => {
  const side = {instance: instanceIn('/srv/harbour', ['one']), release}
  const kindOf = (before: object) =>
    planTransition('deploy', 'run', {...side, ...before}, side).changes.map(({kind}) => kind)
  assert.deepEqual([kindOf({}), kindOf({release: undefined}), kindOf({running: new Set()})].flat(), [
    'keep',
    'replace',
    'replace',
  ])
})

test('a copy that is only judged in another way is kept', () => {
  const limits = {memoryMegabytes: 300}
  assert.deepEqual(kindOf(limits, limits), ['keep'])
  assert.deepEqual(kindOf(limits, {...limits, healthMs: 1, leakSeconds: 1, steadySeconds: 1}), ['keep'])
})

// A rehearsal has secrets of its own, which are the same in all its steps and are written down nowhere.
import assert from 'node:assert/strict'
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import type {Fleet} from '../../../scripts/lib/fleet/resolveFleet.ts'
import {server as serverSchema} from '../../../scripts/lib/fleet/schema.ts'
import {missingSecrets, secretsOf} from '../../../scripts/lib/fleet/secrets.ts'
import {runAll} from '../runAll.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

function fleetIn(root: string, servers: Record<string, object>): Fleet {
  return {
    root,
    servers: Object.entries(servers).map(([name, declared]) => ({
      name,
      ...serverSchema.parse({source: {npm: 'a@1.0.0'}, command: ['a'], ...declared}),
    })),
  } as Fleet
}

const declared = {
  one: {secrets: {OWN_KEY: {rehearsal: 'generated'}, OTHER_KEY: {rehearsal: 'generated'}, SAME_KEY: {}}},
}

test('generated secrets differ by run, by name and by environment, and are long', t => {
  const [root, elsewhere] = [join(temporaryFolder(t), 'root'), temporaryFolder(t)]
  const fleet = fleetIn(root, declared)
  const variables = {OWN_KEY: 'the real own key', SAME_KEY: 'the real same key'}
  const first = secretsOf(fleet, variables, 'rehearsal-1')
  const values = [
    first.OWN_KEY,
    first.OTHER_KEY,
    secretsOf(fleet, variables, 'rehearsal-2').OWN_KEY,
    secretsOf(fleetIn(elsewhere, declared), variables, 'rehearsal-1').OWN_KEY,
  ]
  assert.equal(new Set(values).size, 4)
  assert.ok(values.every(value => value !== undefined && value.length >= 40))
  assert.equal(first.SAME_KEY, 'the real same key')
  assert.deepEqual(secretsOf(fleet, variables, 'rehearsal-1'), first, 'the same in the next step')
  assert.deepEqual(secretsOf(fleet, variables, 'live'), {...variables, OTHER_KEY: undefined})
})

test('only the key from which they are made is written down, for its owner alone', t => {
  const root = join(temporaryFolder(t), 'root')
  const made = secretsOf(fleetIn(root, declared), {}, 'rehearsal-1')
  assert.deepEqual(readdirSync(root), ['rehearsal.key'])
  assert.equal(statSync(join(root, 'rehearsal.key')).mode & 0o777, 0o600)
  const text = readFileSync(join(root, 'rehearsal.key'), 'latin1')
  for (const value of Object.values(made)) assert.ok(value === undefined || !text.includes(value))
})

test('nothing is written for a fleet without such secrets', t => {
  const root = join(temporaryFolder(t), 'root')
  secretsOf(fleetIn(root, {one: {secrets: {SAME_KEY: {}}}}), {}, 'rehearsal-1')
  assert.throws(() => readdirSync(root), /ENOENT/)
})

test('steps that begin at the same moment make the same secrets', {timeout: 30_000}, async t => {
  const root = join(temporaryFolder(t), 'root')
  const module = new URL('../../../scripts/lib/fleet/secrets.ts', import.meta.url).href
  const fleet = JSON.stringify(fleetIn(root, declared))
  const code = `import {secretsOf} from ${JSON.stringify(module)}
    while (Date.now() < Number(process.argv[1]));
    console.log(secretsOf(${fleet}, {}, 'rehearsal-1').OWN_KEY)`
  const at = String(Date.now() + 1000)
  const ended = await runAll([1, 2, 3, 4].map(() => ['--input-type=module', '-e', code, at]))
  assert.equal(new Set(ended.map(({output}) => output)).size, 1)
  assert.ok((ended[0]?.output ?? '').length > 40)
})

test('missing secrets are those that are required by a server that is enabled, with all such servers', t => {
  const fleet = fleetIn(temporaryFolder(t), {
    one: {secrets: {A_KEY: {}, B_KEY: {required: false}, C_KEY: {}}},
    two: {secrets: {A_KEY: {}}},
    off: {secrets: {D_KEY: {}}, client: {enabled: false}},
  })
  assert.deepEqual(missingSecrets(fleet, {C_KEY: 'the real c key'}), [{name: 'A_KEY', servers: ['one', 'two']}])
})

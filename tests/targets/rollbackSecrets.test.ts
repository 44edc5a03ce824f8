// The emergency rollback and secrets: found where they are known, and left nowhere.
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {test} from 'node:test'
import {makeLiveRig, names} from '../sweep/liveRig.ts'
import {childOf, endPrograms, environmentOf, leaveScript, night, pids, steps} from './rollbackRig.ts'

const secret = "correct 'horse' $(battery) staple"
const key = "-----BEGIN KEY-----\nit's a battery\n-----END KEY-----\n"
const withSecret = {
  command: ['node', '--import', '{server}/refuse-strangers.mjs', 'needs-auth.mjs'],
  secrets: {TOKEN: {}, KEY: {}, SPARE: {required: false}},
  auth: {bearer: 'TOKEN'},
}

test('X11 a secret comes from who runs it, or from a copy that runs, and is in no file', async t => {
  const rig = await makeLiveRig(t, {env: {TOKEN: secret, KEY: key}})
  await steps(rig, {version: 'A', servers: {old: withSecret}})
  const a = leaveScript(rig)
  await steps(rig, {version: 'B', servers: {old: {...withSecret, env: {PORT: '{port}', VERSION: 'B'}}}})

  await t.test('from a copy that runs', async () => {
    const {code, said} = await night(rig, a, 'A')
    assert.equal(code, 0, said)
    assert.match(said, /the secret TOKEN is not in this environment; a copy that runs has it/)
    const {TOKEN, KEY, SPARE} = environmentOf(childOf(rig, 'old'))
    assert.deepEqual([TOKEN, KEY, SPARE], [secret, key, undefined])
    assert.doesNotMatch(said, /battery/)
  })

  await t.test('when nothing runs and nobody gives it, it says which is missing and changes nothing', async () => {
    await endPrograms(rig)
    const {code, said} = await night(rig, a)
    assert.equal(code, 3, said)
    assert.match(said, /✗ old needs the secret TOKEN: it is not in this environment, and no copy that runs has it/)
    assert.match(said, /✗ nothing was changed/)
    assert.match(said, /read -r TOKEN; stty echo; export TOKEN/)
    assert.deepEqual(pids(rig), [])
  })

  await t.test('from who runs it', async () => {
    const {code, said} = await night(rig, a, 'A', {env: {TOKEN: secret, KEY: key}})
    assert.equal(code, 0, said)
    assert.equal(environmentOf(childOf(rig, 'old')).TOKEN, secret)
    assert.equal(environmentOf(childOf(rig, names.beside)).TOKEN, undefined)
    const files = readdirSync(rig.root, {recursive: true, withFileTypes: true})
      .filter(entry => entry.isFile() && !entry.parentPath.includes('/runtime'))
      .map(entry => join(entry.parentPath, entry.name))
    assert.ok(files.some(file => file.endsWith('/start.sh')))
    assert.deepEqual(
      files.filter(file => readFileSync(file).includes('battery')),
      [],
    )
  })
})

// What a release says of the ingress goes live with it, and is taken back with it, while one ingress serves all the time.
import assert from 'node:assert/strict'
import http from 'node:http'
import {test} from 'node:test'
import {leaveScript, night, steps} from '../targets/rollbackRig.ts'
import {type Edition, type LiveRig, makeLiveRig, names} from './liveRig.ts'

const early: Edition = {
  version: 'A',
  ingress: {hosts: ['127.0.0.1', 'early.example'], origins: ['https://early.example']},
}
const late: Edition = {version: 'A', ingress: {hosts: ['127.0.0.1', 'late.example'], origins: ['https://late.example']}}

/** Status of a request by that host, and of one from a page of it. */
async function answers(rig: LiveRig, name: string): Promise<number[]> {
  const statusOf = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const path = `/${names.kept}/health`
      const request = http.get({host: '127.0.0.1', port: rig.port, path, headers, agent: false}, response => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
      request.on('error', reject)
    })
  return [await statusOf({host: name}), await statusOf({origin: `https://${name}`})]
}

const good = [200, 200]
const refused = [421, 403]

test('A9 B13 new hosts and origins go live with a release, and go with it, though no server and no ingress is replaced', async t => {
  const rig = await makeLiveRig(t)
  await steps(rig, early)
  const scriptOfEarly = leaveScript(rig)
  const pid = rig.status()?.pid
  const both = async () => [await answers(rig, 'early.example'), await answers(rig, 'late.example')]
  assert.deepEqual(await both(), [good, refused])

  await t.test('until the deploy is finished both are good, then the new ones alone', async () => {
    await steps(rig, late, ['20-build', '60-deploy'])
    assert.deepEqual(await both(), [good, good])
    assert.deepEqual(rig.instance()?.ingress.hosts, ['127.0.0.1', 'late.example'])
    await steps(rig, late, ['85-finish'])
    assert.deepEqual(await both(), [refused, good])
  })

  await t.test('a rollback brings the earlier ones back', async () => {
    const {code, said} = await rig.rollback()
    assert.equal(code, 0, said)
    assert.deepEqual(await both(), [good, refused])
    assert.deepEqual(rig.instance()?.ingress.origins, ['https://early.example'])
  })

  await t.test('so does the emergency script', async () => {
    await steps(rig, late)
    assert.deepEqual(await both(), [refused, good])
    const {code, said} = await night(rig, scriptOfEarly, 'A')
    assert.equal(code, 0, said)
    assert.doesNotMatch(said, /restarted/)
    assert.deepEqual(await both(), [good, refused])
    assert.deepEqual(rig.instance()?.ingress.hosts, ['127.0.0.1', 'early.example'])
  })
  assert.equal(rig.status()?.pid, pid, 'the same ingress served all the time')
})

// The way out at a fixed place, and every way away from a release that is damaged or gone, on real processes.
import assert from 'node:assert/strict'
import {readFileSync, renameSync, writeFileSync} from 'node:fs'
import {basename, dirname, join} from 'node:path'
import {test} from 'node:test'
import {lasting} from '../../scripts/lib/async/lasting.ts'
import {processStart} from '../../scripts/lib/process/processIdentity.ts'
import {folderRecords} from '../../scripts/lib/records/folderRecords.ts'
import {shortDigest} from '../../scripts/lib/release/release.ts'
import {killed} from '../rigProcesses.ts'
import {editionA, editionB, type LiveRig, makeLiveRig, names} from '../sweep/liveRig.ts'
import {answersAs, childOf, copyOf, inOrder, leaveScript, night, pids, steps} from './rollbackRig.ts'

const editionC = {...editionB, version: 'C'}

/** Where the program of a copy was started from, as its supervisor says it. */
function releaseOf(rig: LiveRig, folder: string): string | undefined {
  const [pid] = readFileSync(join(rig.root, 'instances', 'live', folder, 'supervisor'), 'utf8').split(' ')
  return /\/releases\/([0-9a-f]{12})\//.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1]
}

const copyFrom = (rig: LiveRig, name: string) => releaseOf(rig, `copies/${name}.${copyOf(rig, name)}`)

test('X11 sh rollback.sh at its fixed place goes where pnpm rollback would, and both keep the same records', async t => {
  const rig = await makeLiveRig(t)
  await steps(rig, editionA)
  const a = leaveScript(rig)
  await steps(rig, editionB)
  const b = leaveScript(rig)
  const records = folderRecords(rig.root)
  const known = await records.releases()
  const digestOf = (script: string) => known.find(({release}) => script.includes(shortDigest(release)))?.release ?? ''
  const [digestA, digestB] = [digestOf(a), digestOf(b)]
  const before = rig.record(digestB)
  const script = join(rig.root, 'rollback.sh')

  await t.test('it puts the last verified release back, and marks the one that it left', async t => {
    const {ms, code, said} = await night(rig, script, 'A')
    assert.equal(code, 0, said)
    t.diagnostic(`from the start to traffic on the earlier release: ${ms} ms`)
    assert.match(
      said,
      new RegExp(`^release ${shortDigest(digestB)} is live\ngoing back to ${shortDigest(digestA)}, verified`),
    )
    assert.match(said, /^✓ release [0-9a-f]{12} is live at http/m)
    await inOrder(rig, a, 'A')
    const {rolledBack, ...rest} = rig.record(digestB) ?? {}
    assert.deepEqual(rest, before, 'nothing else of the record changed')
    assert.equal(rolledBack?.reason, `rollback.sh went back to ${shortDigest(digestA)}`)
    assert.equal(rig.pointer()?.rolledBackFrom, digestB)
  })

  await t.test('given again, by the script or by pnpm, the good release stays', async () => {
    const before = [pids(rig), rig.routes()?.version, rig.pointer()]
    const again = await night(rig, script)
    assert.equal(again.code, 0, again.said)
    assert.match(again.said, /in place of [0-9a-f]{12}\nit stays and is checked now/)
    assert.match(again.said, /^✓ release [0-9a-f]{12} is live at http/m)
    const byNode = await rig.rollback()
    assert.equal(byNode.code, 0, byNode.said)
    assert.match(byNode.stdout, new RegExp(`in place of ${shortDigest(digestB)}, so it stays`))
    assert.match(byNode.stdout, new RegExp(`✓ ${shortDigest(digestA)} is live and healthy at http`))
    assert.deepEqual([pids(rig), rig.routes()?.version, rig.pointer()], before)
  })

  await t.test('given again while a server of it is dead, that server is started again', async () => {
    const pid = childOf(rig, names.beside)
    const copy = join(rig.root, 'instances', 'live', 'copies', `${names.beside}.${copyOf(rig, names.beside)}`)
    killed(Number(readFileSync(join(copy, 'supervisor'), 'utf8').split(' ')[0]))
    killed(pid)
    assert.deepEqual(await lasting(async () => (processStart(pid) === undefined ? [] : [pid])), [])
    const {code, said, stdout} = await rig.rollback()
    assert.equal(code, 0, said)
    assert.match(stdout, /so it stays\n/)
    assert.match(stdout, new RegExp(`${names.beside}: did not run, and is started`))
    await inOrder(rig, a, 'A')
  })

  await t.test('--list and pnpm releases tell the same', async () => {
    const {said} = await night(rig, script, undefined, {words: ['--list']})
    assert.match(said, new RegExp(`^→ ${shortDigest(digestA)}  live since \\S+ · verified`, 'm'))
    assert.match(
      said,
      new RegExp(`^ {2}${shortDigest(digestB)}  verified \\S+ · rolled back \\S+: rollback\\.sh went back`, 'm'),
    )
    const listed = await rig.step('07-releases')
    assert.match(listed.stdout, new RegExp(`→ ${shortDigest(digestA)} .*live since`))
    assert.match(listed.stdout, new RegExp(`${shortDigest(digestB)} .*rolled back .*rollback\\.sh went back`))
  })

  await t.test('a release that was rolled back needs --force, and what served before is no worse for it', async () => {
    const refused = await night(rig, script, undefined, {words: [shortDigest(digestB)]})
    assert.equal(refused.code, 2, refused.said)
    const forced = await night(rig, script, 'B', {words: [shortDigest(digestB), '--force']})
    assert.equal(forced.code, 0, forced.said)
    await inOrder(rig, b, 'B')
    assert.equal(rig.record(digestB)?.rolledBack, undefined, 'it was chosen by name and is healthy')
    assert.equal(rig.record(digestA)?.rolledBack, undefined)
    const back = await night(rig, script, 'A')
    assert.equal(back.code, 0, back.said)
    await inOrder(rig, a, 'A')
  })

  await t.test('a deploy that was killed before its end is undone, and marked', async () => {
    await steps(rig, editionC, ['20-build', '60-deploy'])
    const digestC = rig.pointer()?.release ?? ''
    const {code, said} = await night(rig, script, 'A')
    assert.equal(code, 0, said)
    assert.match(
      said,
      new RegExp(`a deploy of ${shortDigest(digestC)} has not ended: going back to ${shortDigest(digestA)}`),
    )
    await inOrder(rig, a, 'A')
    assert.equal(typeof rig.record(digestC)?.rolledBack?.at, 'string')
    assert.equal(rig.pointer()?.rolledBackFrom, digestC)
  })

  const away = (...scripts: string[]) => {
    for (const one of scripts) renameSync(join(one, '..'), `${join(one, '..')}.away`)
    return () => {
      for (const one of scripts) renameSync(`${join(one, '..')}.away`, join(one, '..'))
    }
  }

  await t.test('X14 the live release is gone: pnpm rollback and pnpm plan do without it', async () => {
    await steps(rig, editionB)
    const back = away(b)
    const planned = await rig.plan(editionC)
    assert.match(
      readFileSync(rig.journalFile(planned), 'utf8'),
      /is live and cannot be read: all \d servers count as new/,
    )
    const ended = await rig.rollback()
    back()
    assert.equal(ended.code, 0, ended.said)
    assert.match(ended.stdout, /what is live cannot be read, so no copy of it is kept/)
    assert.match(
      ended.stdout,
      new RegExp(`✓ ${shortDigest(digestA)} is live and healthy at .*, rolled back from ${shortDigest(digestB)} in `),
    )
    await inOrder(rig, a, 'A')
    assert.deepEqual(
      Object.values(names).map(name => copyFrom(rig, name)),
      Array(3).fill(shortDigest(digestA)),
    )
  })

  for (const [how, first, version] of [
    ['rollback.sh', a, 'B'],
    ['pnpm rollback', b, 'A'],
  ] as const)
    await t.test(
      `X14 ${how} starts again what was kept from a release that is gone, from the one put back`,
      async () => {
        await steps(rig, version === 'B' ? editionB : editionA)
        const goal = leaveScript(rig)
        await steps(rig, editionC)
        const kept = childOf(rig, names.kept)
        assert.equal(copyFrom(rig, names.kept), basename(dirname(first)))
        const back = away(first, leaveScript(rig))
        const ended = how === 'rollback.sh' ? await night(rig, script, version) : await rig.rollback()
        back()
        assert.equal(ended.code, 0, ended.said)
        await inOrder(rig, goal, version)
        assert.notEqual(childOf(rig, names.kept), kept)
        const places = [releaseOf(rig, 'ingress'), ...Object.values(names).map(name => copyFrom(rig, name))]
        assert.deepEqual(places, Array(4).fill(basename(dirname(goal))))
      },
    )

  await t.test('X14 the description of the live release is damaged: a deploy replaces it all the same', async () => {
    writeFileSync(join(rig.instance()?.releaseFolder ?? '', 'release.json'), '{"schema": 1')
    await steps(rig, editionC)
    await answersAs(rig, 'C')
  })
})

test('X11 after pnpm stop the only verified release is started again by rollback.sh; pnpm rollback names what does', async t => {
  const rig = await makeLiveRig(t)
  await steps(rig, editionA)
  const a = leaveScript(rig)
  await rig.good('97-stop')
  const refused = await rig.rollback()
  assert.equal(refused.code, 2, refused.said)
  assert.match(refused.said, /no earlier verified release to go back to\n→ pnpm resume --fleet \S+ starts what is live/)
  const {code, said} = await night(rig, join(rig.root, 'rollback.sh'), 'A')
  assert.equal(code, 0, said)
  assert.match(said, /is live and verified, and nothing of it runs: it is started again\n/)
  await inOrder(rig, a, 'A')
  assert.equal((await rig.step('03-status')).code, 0, 'it is not taken for stopped any more')
})

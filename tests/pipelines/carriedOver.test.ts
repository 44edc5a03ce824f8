// A rehearsal of a fleet that did not change looks again only at what costs little; what did change, and what is asked for, is looked at.
import assert from 'node:assert/strict'
import {readFileSync, writeFileSync} from 'node:fs'
import {test} from 'node:test'
import {entriesOf, fact} from '../../scripts/lib/journal/facts.ts'
import {healthy, makeRig, type Rig} from '../rig.ts'

const slowPhases = ['protocol', 'truth', 'leak']

/** Which slow phases looked at which servers themselves, and which were carried over from which runs. */
function slowLooks(rig: Rig) {
  const entries = rig.journal()
  const looked = entriesOf(entries, 'fact')
    .flatMap(({name}) => /^basis\.(.+)$/.exec(name)?.[1] ?? [])
    .sort()
  const carried = entriesOf(entries, 'check').filter(check => check.carried !== undefined)
  return {
    looked,
    carried: [...new Set(carried.map(({phase, server}) => `${phase}.${server}`))].sort(),
    from: [...new Set(carried.map(check => check.carried?.run))],
    extraCopies: entriesOf(entries, 'command').filter(({argv}) => argv.join(' ').includes('/extra/')).length,
  }
}

const every = (servers: readonly string[]) =>
  slowPhases.flatMap(phase => servers.map(name => `${phase}.${name}`)).sort()

test('B8 X1 a rehearsal again carries over what the one before saw, of what did not change alone', async context => {
  const limits = {leakSeconds: 3}
  const rig = await makeRig(context, {servers: {one: healthy, two: healthy}, slow: true, limits})
  const first = await rig.staging()
  assert.ok(first.code === 0, first.said)
  const {extraCopies: copiesBefore, ...firstLooks} = slowLooks(rig)
  assert.deepEqual(firstLooks, {looked: every(['one', 'two']), carried: [], from: []})
  const [run] = rig.runs()
  const verdicts = () =>
    rig
      .checks()
      .filter(({phase}) => slowPhases.includes(phase))
      .map(({check, server, verdict, value}) => [check, server, verdict, value].join(' '))
      .sort()
  const before = verdicts()

  const again = await rig.staging()
  assert.equal(again.code, 0, again.said)
  const {extraCopies, ...looks} = slowLooks(rig)
  assert.deepEqual(looks, {looked: [], carried: every(['one', 'two']), from: [run]})
  // Those of `consistency` are left.
  assert.ok(extraCopies > 0 && extraCopies < copiesBefore / 2, `${extraCopies} of ${copiesBefore}`)
  assert.deepEqual(verdicts(), before, 'the same checks with the same verdicts and values')
  assert.match(
    again.stdout,
    new RegExp(`seen before +protocol \\d+, truth \\d+ and leak \\d+ of these checks, by run ${run}`),
  )
  assert.match(rig.report('report.md'), new RegExp(`as run ${run} saw it`))
  assert.deepEqual(fact(rig.journal(), 'observed.leak.one'), fact(rig.journal(run), 'observed.leak.one'))

  // What is asked for is looked at, and found by the next one.
  const fresh = await rig.staging(['--fresh'])
  assert.equal(fresh.code, 0, fresh.said)
  assert.deepEqual(slowLooks(rig).carried, [])
  const [freshRun] = rig.runs()

  const fleet = JSON.parse(readFileSync(rig.fleetPath, 'utf8'))
  fleet.servers.two.env.MODE = 'other'
  writeFileSync(rig.fleetPath, JSON.stringify(fleet))
  const changed = await rig.staging()
  assert.equal(changed.code, 0, changed.said)
  const {looked, carried, from} = slowLooks(rig)
  assert.deepEqual({looked, carried, from}, {looked: every(['two']), carried: every(['one']), from: [freshRun]})
})

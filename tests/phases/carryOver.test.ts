// What an earlier rehearsal saw stands for a look of this one only while all that it depends on is the same, and it passed (row B8).
import assert from 'node:assert/strict'
import {join} from 'node:path'
import {test} from 'node:test'
import {writeAtomically} from '../../scripts/lib/files/writeAtomically.ts'
import type {EntryBody} from '../../scripts/lib/journal/entry.ts'
import {openJournal} from '../../scripts/lib/journal/journal.ts'
import {journalPath} from '../../scripts/lib/journal/runFolder.ts'
import type {Release} from '../../scripts/lib/release/release.ts'
import type {Instance} from '../../scripts/lib/target/instance.ts'
import {basisName, carriedAtMostHours, carryOver} from '../../scripts/phases/carryOver.ts'
import type {Phase} from '../../scripts/phases/phase.ts'
import {temporaryFolder} from '../lib/temporaryFolder.ts'
import {instanceIn} from '../targets/localInstance.ts'

const phase = {name: 'truth'} as Phase
const earlier = '20261120-101500-staging-0001'
const now = '20261120-111500-staging-0002'
const released = {
  servers: {one: {origin: 'one@1.0.0', version: '1.0.0', digest: 'a'.repeat(64), argv: []}},
  bridges: {},
  runtime: {node: '26.10.0', platform: 'linux-x64', sha256: 'b'.repeat(64)},
  ingress: {sha256: 'c'.repeat(64)},
} as unknown as Release

/** A rehearsal of a run, in a folder and at a port of its own, as every one has them. */
function rehearsalOf(root: string, run: string, declared: object = {}): Instance {
  const folder = join(root, 'instances', `rehearsal-${run}`)
  const planned = instanceIn(root, ['node', '{server}/main.mjs', '{state}'], declared)
  const text = JSON.stringify(planned)
    .replaceAll(planned.folder, folder)
    .replaceAll(planned.releaseFolder, join(root, 'releases', '0123456789ab'))
  const moved = JSON.parse(text) as Instance
  // Ports are digits, and so is a part of the folder's name: one is found in the other now and then.
  const port = run === earlier ? 20_001 : Number(run.slice(2, 7))
  const servers = moved.servers.map(server => ({...server, port, url: `http://127.0.0.1:${port}`}))
  return {...moved, name: `rehearsal-${run}`, servers}
}

const seen = {faults: ['killed', 'halted']}

interface Made {
  carry: (given?: {
    release?: Release
    declared?: object
    at?: Date
    fresh?: boolean
    live?: boolean
  }) => ReturnType<typeof carryOver>
  find: (given?: Parameters<Made['carry']>[0]) => unknown
  write: (run: string, entries: EntryBody[]) => void
  basis: string
  folder: string
}

function made(folder: string): Made {
  const carry: Made['carry'] = ({release = released, declared, at = new Date(), fresh = false, live = false} = {}) => {
    const instance = rehearsalOf(folder, now, declared)
    return carryOver({
      instance: live ? {...instance, name: 'live'} : instance,
      release,
      folder,
      run: now,
      now: at,
      fresh,
    })
  }
  const one = (declared?: object) => {
    const [server] = rehearsalOf(folder, now, declared).servers
    assert.ok(server)
    return server
  }
  const instance = rehearsalOf(folder, earlier)
  const [server] = instance.servers
  assert.ok(server)
  const before = carryOver({instance, release: released, folder, run: earlier, now: new Date(), fresh: true})
  return {
    carry,
    find: given => carry(given)?.find(phase, one(given?.declared)),
    write: (run, entries) => openJournal(journalPath(folder, run), entry => entry).record(...entries),
    basis: before?.basis(phase, server) ?? '',
    folder,
  }
}

const check = (verdict: 'pass' | 'fail' | 'inconclusive' | 'error', more: object = {}): EntryBody => ({
  type: 'check',
  phase: 'truth',
  check: 'truth/killed',
  server: 'one',
  verdict,
  detail: 'noticed',
  ...more,
})
const facts = (basis: string): EntryBody[] => [
  {type: 'fact', name: 'observed.truth.one', value: seen},
  {type: 'fact', name: 'basis.truth.one', value: basis},
]

test('what a rehearsal in another folder and at another port saw of the same server stands for a look', context => {
  const {find, write, basis, folder} = made(temporaryFolder(context))
  assert.match(basis, /^[0-9a-f]{64}$/)
  assert.equal(find(), undefined, 'there is no earlier run')
  write(earlier, [...facts(basis), check('pass')])
  const found = find() as {run: string; at: string; seen: unknown}
  assert.deepEqual([found.run, found.seen], [earlier, seen])
  assert.ok(Math.abs(Date.parse(found.at) - Date.now()) < 60_000, found.at)
  assert.equal(basisName(phase, rehearsalOf(folder, now).servers[0] as never), 'basis.truth.one')
})

test('whatever it depends on changes the basis, so it is seen again', context => {
  const {find, write, basis} = made(temporaryFolder(context))
  write(earlier, [...facts(basis), check('pass')])
  const code = structuredClone(released)
  code.servers.one = {...(code.servers.one as object), digest: 'd'.repeat(64)} as never
  const changed = {
    code: {release: code},
    runtime: {release: {...released, runtime: {...released.runtime, sha256: 'e'.repeat(64)}}},
    ingress: {release: {...released, ingress: {sha256: 'f'.repeat(64)}}},
    environment: {declared: {env: {MODE: 'other'}}},
    probe: {declared: {probe: {tool: 'echo'}}},
    limit: {declared: {limits: {healthMs: 4321}}},
  }
  for (const [what, given] of Object.entries(changed)) assert.equal(find(given), undefined, what)
  assert.ok(find(), 'nothing changed')
})

test('only what passed, or failed as the fleet file accepts, is carried over', context => {
  const verdicts = [
    [check('pass'), true],
    [check('fail', {accepted: {reason: 'known', until: '2027-01-01'}}), false],
    [check('fail'), false],
    [check('inconclusive'), false],
    [check('error'), false],
  ] as const
  for (const [entry, alone] of verdicts) {
    const {find, write, basis} = made(temporaryFolder(context))
    write(earlier, [...facts(basis), entry])
    assert.equal(find() !== undefined, alone, JSON.stringify(entry))
    // A good check beside it does not make a bad one good.
    write(earlier, [check('pass')])
    const carried = entry.type === 'check' && (entry.verdict === 'pass' || entry.accepted !== undefined)
    assert.equal(find() !== undefined, carried, `with a pass: ${JSON.stringify(entry)}`)
  }
})

test('what nobody judged, what is of another server or environment, and what is old is seen again', context => {
  const {find, write, basis} = made(temporaryFolder(context))
  write(earlier, facts(basis))
  assert.equal(find(), undefined, 'no check')
  write(earlier, [check('pass', {server: 'two'})])
  assert.equal(find(), undefined, 'a check of another server')
  write(earlier.replace('staging', 'production'), [...facts(basis), check('pass')])
  assert.equal(find(), undefined, 'a run of another environment')
  write(earlier, [check('pass')])
  const hour = 3_600_000
  assert.ok(find({at: new Date(Date.now() + (carriedAtMostHours - 1) * hour)}))
  assert.equal(find({at: new Date(Date.now() + carriedAtMostHours * hour)}), undefined, 'old')
})

test('a run that carried it over itself does not make it younger: the one that saw it is found', context => {
  const {find, write, basis} = made(temporaryFolder(context))
  write(earlier, [...facts(basis), check('pass')])
  const between = '20261120-110000-staging-0001'
  write(between, [
    {type: 'fact', name: 'observed.truth.one', value: seen},
    check('pass', {carried: {run: earlier, at: '2026-11-20T10:15:00.000Z'}}),
  ])
  assert.equal((find() as {run: string}).run, earlier)
})

test('the newest that holds is taken; a journal that cannot be read proves nothing', context => {
  const {find, write, basis, folder} = made(temporaryFolder(context))
  write(earlier, [...facts(basis), check('pass')])
  const later = '20261120-110000-staging-0001'
  write(later, [{type: 'fact', name: 'observed.truth.one', value: 'newer'}, ...facts(basis).slice(1), check('pass')])
  assert.equal((find() as {seen: unknown}).seen, 'newer')
  writeAtomically(journalPath(folder, later), `${basis} is no journal\n`)
  assert.equal((find() as {run: string}).run, earlier)
})

test('live is always looked at itself, and so is everything where that is asked for', context => {
  const {carry, find, write, basis, folder} = made(temporaryFolder(context))
  write(earlier, [...facts(basis), check('pass')])
  assert.equal(carry({live: true}), undefined)
  assert.equal(find({fresh: true}), undefined)
  const [server] = rehearsalOf(folder, now).servers
  assert.equal(carry({fresh: true})?.basis(phase, server as never), basis, 'what is seen now is there for later runs')
})

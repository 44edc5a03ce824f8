// What a release is compared with: live, else the last verified one; a verified release only with its own record.
import assert from 'node:assert/strict'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {type TestContext, test} from 'node:test'
import {contractPath, contractText} from '../../../scripts/lib/contract/contractFile.ts'
import type {Entry} from '../../../scripts/lib/journal/entry.ts'
import {contractRecords} from '../../../scripts/lib/records/contractRecords.ts'
import {folderRecords} from '../../../scripts/lib/records/folderRecords.ts'
import {recordContracts} from '../../../scripts/lib/records/recordContracts.ts'
import {shortDigest} from '../../../scripts/lib/release/release.ts'
import {add, sampleContract} from '../contract/sampleContract.ts'

const [first, second] = ['1'.repeat(64), '2'.repeat(64)]

function environment(test: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'records-'))
  test.after(() => rmSync(root, {recursive: true}))
  const records = folderRecords(root)
  const known = (release: string, order?: number) =>
    records.setRelease({
      release,
      fleet: 'f',
      servers: {one: '1.0.0'},
      placedAt: '2026-11-20T00:00:00.000Z',
      rehearsals: [],
      verified: order === undefined ? undefined : {run: 'r', at: '2026-11-20T00:00:00.000Z', order},
    })
  const folderOf = (release: string) => join(root, 'releases', shortDigest(release))
  const commit = (release: string, text: string) => {
    const path = contractPath(folderOf(release), 'one')
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, text)
  }
  const recordsOf = (release: string) =>
    contractRecords({instance: {name: 'rehearsal-1', release, releaseFolder: folderOf(release)}, root, records})
  return {records, known, commit, recordsOf}
}

test('X6 with nothing live or verified there is nothing to compare with, and that is said', async t => {
  const earlier = await environment(t).recordsOf(first).earlier()
  assert.equal(earlier.release, undefined)
  assert.match('why' in earlier ? earlier.why : '', /no release is live or verified/)
})

test('X6 a release is compared with what is live, though another was verified later', async t => {
  const {records, known, recordsOf} = environment(t)
  await known(first, 1)
  await records.setLive({release: first, since: '', run: ''})
  assert.deepEqual(await recordsOf(second).earlier(), {release: first, which: 'live', servers: ['one']})
})

test('X6 while a deploy is verified it is live already, so it is compared with the last verified one', async t => {
  const {records, known, recordsOf} = environment(t)
  await known(first, 1)
  await known(second)
  await records.setLive({release: second, since: '', run: ''})
  assert.deepEqual(await recordsOf(second).earlier(), {
    release: first,
    which: 'the last verified one',
    servers: ['one'],
  })
})

test('X6 a release that is verified and live is compared with nothing but its own record', async t => {
  const {records, known, recordsOf} = environment(t)
  await known(first, 1)
  await known(second, 2)
  await records.setLive({release: second, since: '', run: ''})
  const earlier = await recordsOf(second).earlier()
  assert.equal(earlier.release, undefined)
  assert.match('why' in earlier ? earlier.why : '', /verified already/)
})

test('X6 the committed contract counts before what was observed, and a spoilt one is a fault', async t => {
  const {records, commit, recordsOf} = environment(t)
  const observed = sampleContract()
  assert.deepEqual(await recordsOf(first).own('one'), {from: 'none'})
  await records.setContract(first, observed)
  assert.deepEqual(await recordsOf(first).own('one'), {from: 'observed', contract: observed})
  const committed = sampleContract([{...add, description: 'Adds'}])
  commit(first, contractText(committed))
  assert.deepEqual(await recordsOf(first).own('one'), {from: 'committed', contract: committed})
  commit(first, contractText(committed).replace('Adds', 'Adds up'))
  const spoilt = await recordsOf(first).own('one')
  assert.equal(spoilt.from, 'fault')
  assert.match('fault' in spoilt ? spoilt.fault : '', /was edited by hand/)
})

test('X6 what a run observed is kept with its release, and the newest observation counts', async t => {
  const {records} = environment(t)
  const entry = (contract: unknown): Entry => ({
    at: '2026-11-20T00:00:00.000Z',
    type: 'fact',
    name: 'observed.contract.one',
    value: {place: {contract}},
  })
  const newest = sampleContract([])
  const digests = await recordContracts([entry(sampleContract()), entry(newest)], first, ['one', 'two'], records)
  assert.deepEqual(digests, {one: newest.digest})
  assert.deepEqual(await records.contract(first, 'one'), newest)
  assert.equal(await records.contract(first, 'two'), undefined)
})

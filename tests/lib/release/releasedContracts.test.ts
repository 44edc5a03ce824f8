// A release carries the committed contracts: they belong to its digest, and a change of them in its folder is found.
import assert from 'node:assert/strict'
import {appendFileSync, readFileSync} from 'node:fs'
import {test} from 'node:test'
import {contractPath, contractText} from '../../../scripts/lib/contract/contractFile.ts'
import {buildRelease} from '../../../scripts/lib/release/buildRelease.ts'
import {verifyRelease} from '../../../scripts/lib/release/verifyRelease.ts'
import {add, sampleContract} from '../contract/sampleContract.ts'
import {folderFiles, own, temporaryFolder, testBuild, writeFiles} from './testFleet.ts'

const committed = contractText(sampleContract([add], 'own'))
const folderWith = (text: string) => ({...folderFiles, [contractPath('', 'own')]: text})

test('X6 A8 a release carries the committed contract, and another contract is another release', async t => {
  const folder = temporaryFolder(t, folderWith(committed))
  const build = testBuild(folder, [own])
  const one = await buildRelease(build)
  assert.equal(readFileSync(contractPath(one.path, 'own'), 'utf8'), committed)
  assert.deepEqual(await verifyRelease(one.path, build.signal), [])
  writeFiles(folder, {[contractPath('', 'own')]: contractText(sampleContract([], 'own'))})
  const other = await buildRelease(build)
  assert.notEqual(other.release.digest, one.release.digest)
  const without = await buildRelease({...build, withoutContracts: true})
  assert.deepEqual(without.release.contracts, {})
  appendFileSync(contractPath(one.path, 'own'), ' ')
  assert.deepEqual(await verifyRelease(one.path, build.signal), ['contracts/own.json changed'])
})

test('X6 a contract that was edited by hand stops the build before anything is built', async t => {
  const folder = temporaryFolder(t, folderWith(committed.replace('Adds two', 'Adds three')))
  await assert.rejects(buildRelease(testBuild(folder, [own])), /own\.json: was edited by hand/)
})

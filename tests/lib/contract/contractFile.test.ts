// A contract as a file reads back as it was, has the same bytes whoever wrote it, and tells when it was edited by hand.
import assert from 'node:assert/strict'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {test} from 'node:test'
import {makeContract, refused, surfaceOf} from '../../../scripts/lib/contract/contract.ts'
import {contractText, parseContract, readContract} from '../../../scripts/lib/contract/contractFile.ts'
import {sampleContract, sampleSurface} from './sampleContract.ts'

test('X6 a contract reads back as it was written', () => {
  const contract = sampleContract()
  assert.deepEqual(parseContract(contractText(contract), 'one.json', 'one'), contract)
})

test('X6 the same contract has the same bytes, in whatever order its parts came', () => {
  const surface = sampleSurface()
  const reversed = JSON.parse(JSON.stringify(surface, Object.keys(flat(surface)).reverse()))
  const one = makeContract('one', {b: surface, a: refused})
  const other = makeContract('one', {a: refused, b: reversed})
  assert.equal(contractText(one), contractText(other))
})

test('X6 equal views are kept once, under the name of the first', () => {
  const contract = makeContract('one', {b: sampleSurface(), a: sampleSurface(), c: refused})
  assert.deepEqual(contract.views, {a: 'a', b: 'a', c: 'refused'})
  assert.deepEqual(Object.keys(contract.surfaces), ['a'])
  assert.equal(surfaceOf(contract, 'c'), 'refused')
  assert.equal(surfaceOf(contract, 'd'), undefined)
})

const text = () => contractText(sampleContract())
const bad: [string, string, RegExp][] = [
  [
    'was edited by hand',
    text().replace('Adds two numbers', 'Adds three numbers'),
    /was edited by hand: its content should have the digest/,
  ],
  ['is no JSON', '{"format": 1,', /should be JSON, and is not/],
  [
    'is of another server',
    contractText({...sampleContract(), server: 'two'}),
    /should be the contract of one, is that of two/,
  ],
  ['is of another format', text().replace('"format": 1', '"format": 99'), /format/],
  [
    'names a surface that is not there',
    text().replace(/"(legacy, bare, anonymous)": "\1"/, '"$1": "gone"'),
    /names the surface "gone"/,
  ],
  ['is cut off', text().slice(0, 200), /should be JSON/],
]
for (const [what, content, message] of bad)
  test(`X6 a file that ${what} is a fault that says what to do`, () => {
    assert.throws(
      () => parseContract(content, 'contracts/one.json', 'one'),
      (error: Error & {remedy?: string}) => {
        assert.match(error.message, message)
        assert.match(error.message, /^contracts\/one\.json: /)
        assert.match(String(error.remedy), /pnpm contracts/)
        return true
      },
    )
  })

test('X6 no file is no fault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'))
  try {
    assert.equal(readContract(join(folder, 'one.json'), 'one'), undefined)
    writeFileSync(join(folder, 'one.json'), text())
    assert.equal(readContract(join(folder, 'one.json'), 'one')?.server, 'one')
  } finally {
    rmSync(folder, {recursive: true})
  }
})

function flat(value: unknown): Record<string, true> {
  const keys: Record<string, true> = {}
  JSON.stringify(value, (key, inner) => {
    keys[key] = true
    return inner
  })
  return keys
}

import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'
import {clientInfo, isModernVersion} from '../../../scripts/lib/mcp/protocol.ts'

test('the client names itself with the version of the package', () => {
  const {version} = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  assert.equal(clientInfo.version, version)
})

test('only revisions from 2026-07-28 on are modern', () => {
  assert.deepEqual(
    ['2025-11-25', '2026-07-27', '2026-07-28', '2027-01-01', 'DRAFT-2026', 20260728, undefined].map(isModernVersion),
    [false, false, true, true, false, false, false],
  )
})

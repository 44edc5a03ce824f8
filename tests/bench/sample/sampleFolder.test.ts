// Proves that two editions of the sample fleet are good fleet files that differ in every server.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {writeSample} from '../../../bench/sample/sampleFolder.ts'
import {readFleet} from '../../../scripts/lib/fleet/readFleet.ts'
import {phaseNames} from '../../../scripts/phases/index.ts'
import {targetNames} from '../../../scripts/targets/index.ts'
import {temporaryFolder} from '../../lib/temporaryFolder.ts'

test('B12 every server of the sample fleet differs between the editions, and both cutovers are there', t => {
  const folder = temporaryFolder(t)
  const read = (edition: 'A' | 'B') =>
    readFleet(
      writeSample(folder, edition, 8700),
      'staging',
      {},
      {targets: targetNames, phases: phaseNames, today: '2026-11-20'},
    ).fleet.servers
  const [a, b] = [read('A'), read('B')]
  assert.equal(a.length, 4)
  for (const [index, server] of a.entries()) assert.notDeepEqual(server.env, b[index]?.env, server.name)
  assert.deepEqual(a.map(({cutover}) => cutover).sort(), ['blue-green', 'blue-green', 'recreate', 'recreate'])
})

// An end for memory is told in words wherever people read of it; every other end by its code.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {crashLoop} from '../../scripts/lib/cutover/crashLoop.ts'
import type {Instance} from '../../scripts/lib/instance/instance.ts'
import {statusLines} from '../../scripts/lib/statusLines.ts'
import type {ProgramStatus} from '../../scripts/lib/target.ts'

const status = (lastExit: string | undefined): ProgramStatus => ({
  name: 'one',
  running: true,
  identity: '111@5011',
  restarts: 2,
  lastExit,
  memoryMegabytes: 40,
})

test('in `pnpm status`', () => {
  const line = (lastExit: string | undefined) =>
    statusLines({
      fleet: {name: 'harbour', environment: 'staging', target: 'local'},
      records: [],
      instance: {release: 'd'.repeat(64), ingress: {url: 'http://localhost'}} as unknown as Instance,
      programs: [status(lastExit)],
    } as unknown as Parameters<typeof statusLines>[0]).find(one => one.includes('process 111'))
  assert.equal(line('memory'), '  ✓ one            process 111, 40 MB, 2 restarts, the last over its memory limit')
  assert.equal(line('137'), '  ✓ one            process 111, 40 MB, 2 restarts, last exit 137')
})

test('where a copy is waited for', () => {
  assert.equal(crashLoop(status('memory'), 0), 'ends by itself: 2 times so far, the last over its memory limit')
  assert.equal(crashLoop(status('9'), 0), 'ends by itself: 2 times so far, last with exit code 9')
  assert.equal(crashLoop(status('memory'), 1), undefined)
})

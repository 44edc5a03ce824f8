// How a program ended is explained wherever people read of it.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {crashLoop} from '../../../scripts/lib/cutover/crashLoop.ts'
import {serverState} from '../../../scripts/lib/instance/programState.ts'
import {lastEnd} from '../../../scripts/lib/target/lastEnd.ts'
import {programStatus} from '../instance/programStatus.ts'

const status = (lastExit: string | undefined) =>
  programStatus({identity: '111@5011', restarts: 2, lastExit, memoryMegabytes: 40})

const ends: [string, string][] = [
  ['1', 'last exit 1'],
  ['126', 'last exit 126 (program not executable)'],
  ['127', 'last exit 127 (program not found)'],
  ['137', 'last killed (SIGKILL)'],
  ['139', 'last ended by SIGSEGV'],
  ['143', 'last ended by SIGTERM'],
  ['255', 'last exit 255'],
  ['memory', 'the last over its memory limit'],
  ['unseen', 'the last not observed'],
  ['gave-up', 'its supervisor gave up'],
]
for (const [code, sentence] of ends)
  test(`an end with ${code} reads: ${sentence}`, () => assert.equal(lastEnd(code), sentence))

test('in `pnpm status`', () => {
  const sentence = (lastExit: string | undefined) =>
    serverState('one', status(lastExit), {says: 'ok', detail: ''}, {ingressAnswers: true, now: new Date()}).sentence
  assert.equal(sentence('memory'), 'process 111, 40 MB, 2 restarts, the last over its memory limit')
  assert.equal(sentence('137'), 'process 111, 40 MB, 2 restarts, last killed (SIGKILL)')
})

test('where a copy is waited for', () => {
  assert.equal(crashLoop(status('memory'), 0), 'ends by itself: 2 times so far, the last over its memory limit')
  assert.equal(crashLoop(status('3'), 0), 'ends by itself: 2 times so far, last exit 3')
  assert.equal(crashLoop(status('memory'), 1), undefined)
})

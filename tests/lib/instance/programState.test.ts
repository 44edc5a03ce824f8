// Each way in which a program of a stack can be unwell has its sentence and its command.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {ServerAnswer} from '../../../scripts/lib/instance/askHealth.ts'
import {judgeSupervised} from '../../../scripts/lib/instance/judgeSupervised.ts'
import {ingressState, serverState} from '../../../scripts/lib/instance/programState.ts'
import type {ProgramStatus} from '../../../scripts/lib/target/target.ts'
import {programStatus} from './programStatus.ts'

const now = new Date('2026-11-29T14:00:00Z')
const ended = {running: false, identity: '-@-', memoryMegabytes: undefined}
const well: ServerAnswer = {says: 'ok', detail: 'call add holds'}

const servers: [string, ProgramStatus | undefined, ServerAnswer | undefined, [string, string, string | undefined]][] = [
  ['healthy', programStatus(), well, ['healthy', 'process 10, 50 MB', undefined]],
  [
    'healthy after a restart',
    programStatus({restarts: 1, lastExit: '137'}),
    well,
    ['healthy', 'process 10, 50 MB, 1 restart, last killed (SIGKILL)', undefined],
  ],
  [
    'unhealthy by what the ingress says',
    programStatus(),
    {says: 'failing', detail: 'call read fails: no such table'},
    ['unhealthy', 'process 10, 50 MB: call read fails: no such table', 'pnpm logs one'],
  ],
  [
    'unknown while its requests are held',
    programStatus(),
    {says: 'held', detail: 'no copy is active; 2 requests wait for one'},
    ['unknown', 'process 10, 50 MB: no copy is active; 2 requests wait for one', undefined],
  ],
  [
    'unknown without an answer in time, since the machine may be busy',
    programStatus(),
    {says: 'silent', detail: 'no answer within 1.0 s'},
    ['unknown', 'process 10, 50 MB: no answer within 1.0 s', 'pnpm logs one'],
  ],
  [
    'unhealthy where the ingress does not know it',
    programStatus(),
    undefined,
    ['unhealthy', 'process 10, 50 MB: the ingress has no route to it', 'pnpm logs one'],
  ],
  [
    'unhealthy though it answers, when its supervisor ended',
    programStatus({supervised: false}),
    well,
    ['unhealthy', 'process 10, 50 MB: not kept running: its supervisor has ended', 'pnpm resume'],
  ],
  [
    'unhealthy though it answers, when its supervisor is frozen',
    programStatus({frozen: 'supervisor'}),
    well,
    ['unhealthy', 'process 10, 50 MB: not kept running: its supervisor is frozen (SIGSTOP)', 'pnpm resume'],
  ],
  [
    'unhealthy when it is frozen',
    programStatus({frozen: 'program'}),
    {says: 'silent', detail: 'no answer'},
    ['unhealthy', 'process 10, 50 MB: frozen (SIGSTOP), answers nothing', 'pnpm resume'],
  ],
  [
    'unhealthy while a start is tried over and over',
    programStatus({...ended, restarts: 12, lastExit: '127', nextTryMs: now.getTime() + 40_400}),
    {says: 'failing', detail: 'refused'},
    [
      'unhealthy',
      'restarting, next try in 40 s, 12 restarts, last exit 127 (program not found)',
      'pnpm logs one, then pnpm restart one',
    ],
  ],
  [
    'unhealthy when an earlier version gave it up',
    programStatus({...ended, supervised: false, restarts: 10, lastExit: 'gave-up'}),
    {says: 'failing', detail: 'refused'},
    ['unhealthy', 'does not run, 10 restarts, its supervisor gave up', 'pnpm resume'],
  ],
]
for (const [title, program, answer, [state, sentence, next]] of servers)
  test(`A2 a server is ${title}`, () => {
    const seen = serverState('one', program, answer, {ingressAnswers: true, now})
    assert.deepEqual(seen, {name: 'one', state, sentence, next})
  })

test('A2 no server is healthy where the ingress could not be asked', () => {
  const seen = serverState('one', programStatus(), well, {ingressAnswers: false, now})
  assert.deepEqual([seen.state, seen.next], ['unknown', undefined])
})

test('A2 an ingress that runs and does not answer is unhealthy', () => {
  const state = (answersInMs: number | undefined, program = programStatus()) =>
    ingressState(program, {answersInMs, fault: 'deadline', servers: {}}, 'http://127.0.0.1:8700', now)
  assert.equal(state(5).sentence, 'process 10, 50 MB, http://127.0.0.1:8700 answers in 5 ms')
  assert.deepEqual(state(undefined), {
    name: 'ingress',
    state: 'unhealthy',
    sentence: 'process 10, 50 MB: does not answer at http://127.0.0.1:8700: deadline',
    next: 'pnpm logs ingress',
  })
  assert.match(state(undefined, programStatus({frozen: 'program'})).sentence, /frozen/)
})

test('A2 a stack is kept running only when each of its programs is', () => {
  const judged = (...programs: ProgramStatus[]) => {
    const {verdict, detail} = judgeSupervised(programs)
    return [verdict, detail]
  }
  const gone = programStatus({...ended, supervised: false})
  assert.deepEqual(judged(programStatus()), ['pass', '1 program is started again when it ends'])
  assert.deepEqual(judged(programStatus(), programStatus()), ['pass', '2 programs are started again when they end'])
  assert.deepEqual(judged(gone, gone), ['skip', 'nothing runs that could be kept running'])
  assert.deepEqual(judged(programStatus(), gone), ['fail', 'one: does not run, and nothing starts it'])
  assert.deepEqual(judged(programStatus(), programStatus({supervised: false})), [
    'fail',
    'one: not kept running: its supervisor has ended',
  ])
  assert.equal(
    judged(programStatus(), programStatus({...ended, nextTryMs: 5}))[0],
    'pass',
    'its supervisor starts it again',
  )
})

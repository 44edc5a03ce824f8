// A stream is kept as a conforming client keeps it: after 404 it is opened again in a new session, and not before there is one (row X2).
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {keepStream, noStreams, type StreamSource} from '../../../scripts/lib/witness/keepStream.ts'
import {startMoments} from '../../../scripts/lib/witness/moments.ts'
import type {OpenedStream, StreamEnd} from '../../../scripts/lib/witness/watchStream.ts'

/** Open until it is closed. */
function open(): OpenedStream & {ok: true} {
  const {promise, resolve} = Promise.withResolvers<StreamEnd>()
  return {ok: true, ended: promise, close: () => resolve({how: 'closed', detail: 'by us'})}
}
const ended: OpenedStream & {ok: true} = {
  ok: true,
  ended: Promise.resolve({how: 'clean', detail: 'the stream ended', retryMs: 1}),
  close: () => undefined,
}

/** Keeps a stream that ends at once, with a source of the given answers, until it is open again or refused for good. */
async function kept({renewals, answers}: {renewals: boolean[]; answers: OpenedStream[]}) {
  const done: string[] = []
  const {promise: over, resolve: finish} = Promise.withResolvers<void>()
  const source: StreamSource = {
    open: async () => {
      done.push('open')
      const next = answers.shift()
      if (next === undefined) finish()
      return next ?? open()
    },
    isProper: () => true,
    renew: async () => {
      const began = renewals.shift() ?? true
      done.push(began ? 'renewed' : 'not renewed')
      return began
    },
    onStranded: finish,
  }
  const counts = noStreams()
  const {signal} = new AbortController()
  const stream = keepStream({
    source,
    first: ended,
    counts,
    moments: startMoments(),
    samples: 5,
    signal,
    timeoutMs: 2000,
  })
  await over
  await stream.close()
  const {endedCleanly, resumed, renewed, stranded, down} = counts
  return {done, counts: {endedCleanly, resumed, renewed, stranded, down}}
}

const gone: OpenedStream = {ok: false, status: 404, detail: 'HTTP 404'}
const none = {endedCleanly: 1, resumed: 0, renewed: 0, stranded: 0, down: 0}

test('a client that cannot start over at once tries that again, and opens no stream without a session', async () => {
  const {done, counts} = await kept({renewals: [false, false, true], answers: [gone]})
  assert.deepEqual(done, ['open', 'not renewed', 'not renewed', 'renewed', 'open'])
  assert.deepEqual(counts, {...none, renewed: 1})
})

test('what is opened again in the same session is resumed; what is refused with something else than 404 is stranded', async () => {
  const resumed = await kept({renewals: [], answers: []})
  assert.deepEqual([resumed.done, resumed.counts], [['open'], {...none, resumed: 1}])
  const refused = await kept({renewals: [], answers: [{ok: false, status: 400, detail: 'HTTP 400'}]})
  assert.deepEqual([refused.done, refused.counts], [['open'], {...none, stranded: 1}])
})

// Known clients and proxies wait long enough for this release: its start, its handshake and its tools (row X9).
import type {Phase} from './phase.ts'
import {judgeColdStart, judgeDeclaredCalls, judgeHandshake, judgeTool} from './timeouts/timeChecks.ts'
import {type TimesSeen, timesOf} from './timeouts/timesSeen.ts'

export const timeouts: Phase<TimesSeen> = {
  name: 'timeouts',
  title: 'Servers start, open and answer before known clients and proxies time out',
  // Five handshakes and one call may each take their whole deadline; a slow tool gets a few calls.
  deadlineMs: settings => (settings?.client.timeoutMs ?? 5000) * 7 + 10_000,

  server: {
    observe: timesOf,
    evidence: ({handshakesMs}) => ({have: handshakesMs.length, need: 1, what: 'handshakes'}),
    judge: seen => [judgeColdStart(seen), judgeHandshake(seen), judgeTool(seen), judgeDeclaredCalls(seen)],
  },
}

// What `pnpm releases` says of each release: what became of it here, and where it was rehearsed.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import type {ReleaseRecord} from '../../../scripts/lib/records/records.ts'
import {releaseLines} from '../../../scripts/lib/status/releaseLines.ts'

const [a, b, c] = ['a', 'b', 'c'].map(letter => letter.repeat(64)) as [string, string, string]
const record = (release: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release,
  fleet: 'harbour',
  servers: {memory: '1.2.3'},
  placedAt: '2026-11-20T09:00:00.000Z',
  rehearsals: [],
  ...more,
})
const rehearsal = (at: string, verdict: string) => ({run: 'r', at, verdict, ms: 1})

test('X11 each release is shown with live, verified, failed, rolled back and overridden, what happened last first', () => {
  const records = [
    record(a, {
      deployed: {fleet: {} as never, run: 'r', at: '10:00'},
      verified: {run: 'r', at: '10:01', order: 1},
    }),
    record(b, {
      deployed: {fleet: {} as never, run: 'r', at: '11:00', override: 'it burns\u001b[2J'},
      rolledBack: {run: 'r', at: '2026-11-20T11:02', failed: true, reason: 'calls/adds everything: text'},
    }),
    record(c, {verified: {run: 'r', at: '10:30', order: 2}, rolledBack: {run: 'r', at: '2026-11-20T10:40'}}),
  ]
  const staging = [record(a, {rehearsals: [rehearsal('08:00', 'fail'), rehearsal('08:30', 'pass')]})]
  const lines = releaseLines({
    environment: 'production',
    records,
    live: {release: a, since: '10:00', run: 'r', rolledBackFrom: b},
    elsewhere: {staging, production: records},
    unread: [],
  })
  assert.deepEqual(
    lines.filter(line => !line.startsWith('    ')),
    [
      '  bbbbbbbbbbbb  deployed 11:00 with --override: it burns⟨U+001B⟩[2J · never verified · failed 2026-11-20T11:02: calls/adds everything: text · never rehearsed',
      '  cccccccccccc  verified 10:30 · rolled back 2026-11-20T10:40 · never rehearsed',
      '→ aaaaaaaaaaaa  live since 10:00 (rolled back from bbbbbbbbbbbb) · deployed 10:00 · verified 10:01 · rehearsed on staging 08:30: pass, the last of 2',
    ],
  )
})

test('a release is never called never rehearsed where an environment cannot be read', () => {
  const given = {environment: 'production', records: [record(a)], live: undefined, elsewhere: {}}
  const lines = releaseLines({...given, unread: ['environments.staging.root ${ROOT} is not set']})
  assert.match(lines[0] ?? '', /no rehearsal is known$/)
  assert.match(lines.at(-1) ?? '', /^rehearsals of another environment are not known: environments\.staging\.root/)
})

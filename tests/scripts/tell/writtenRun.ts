// A run that ended in a certain way, written by hand beside the fleet file of a rig, since what tells of it reads nothing else.
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {pipelines} from '../../../pipelines/pipelines.ts'
import type {EntryBody} from '../../../scripts/lib/journal/entry.ts'
import type {Rig} from '../../rig.ts'

export const digest = '3e7d96b8ac0c77b931ee0955f10797fa59c15e9054f4a3f310c4716066b272d5'
const earlier = '8ef99bcb6b8e77b931ee0955f10797fa59c15e9054f4a3f310c4716066b272d5'

type Name = keyof typeof pipelines

/** Steps that ended well, but for those in `ends`; null stands for one that began and has no end. */
export function writtenRun(
  rig: Rig,
  name: Name | '15-resume',
  {
    ends = {},
    more = [],
    at = rig.runs().length,
  }: {ends?: Record<string, number | null>; more?: EntryBody[]; at?: number} = {},
): string {
  const environment = 'staging'
  const run = `20261120-1030${String(at).padStart(2, '0')}-${environment}-e2bd`
  const pipeline = name === '15-resume' ? undefined : pipelines[name]
  const planned =
    pipeline === undefined
      ? [name]
      : [...pipeline.steps, ...pipeline.always].filter(one => !('tells' in one)).map(({step}) => step)
  const played = [
    ...planned.filter(step => step !== '95-report'),
    ...Object.keys(ends).filter(step => !planned.includes(step)),
  ]
  const entries: EntryBody[] = [
    {
      type: 'run',
      run,
      pipeline: name,
      fleet: 'rig',
      environment,
      steps: planned,
      journalVersion: 1,
      seaworthyVersion: '0.1.0',
      node: 'v26',
      platform: 'linux-x64',
      host: 'vm',
    },
    {type: 'fact', name: 'release', value: {digest, servers: [{name: 'good', version: '1.0.0'}]}},
    {type: 'check', phase: 'health', check: 'health/restarts', server: 'good', verdict: 'pass', detail: 'none'},
    ...more,
    ...played.flatMap(step => stepEntries(step, ends[step] === undefined ? 0 : (ends[step] ?? null))),
  ]
  const path = rig.journalFile(run)
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, entries.map(entry => `${JSON.stringify({at: '2026-11-20T10:30:00.000Z', ...entry})}\n`).join(''))
  return run
}

function stepEntries(step: string, exitCode: number | null): EntryBody[] {
  const started: EntryBody = {type: 'step', step, state: 'started'}
  if (exitCode === null) return [started]
  const verdict = exitCode === 0 ? 'pass' : exitCode === 1 ? 'fail' : 'error'
  return [
    started,
    {type: 'step', step, state: 'finished', verdict, exitCode, ...(exitCode === 130 ? {cancelled: true} : {}), ms: 1},
  ]
}

export const failedCheck: EntryBody = {
  type: 'check',
  phase: 'health',
  check: 'health/restarts',
  server: 'good',
  verdict: 'fail',
  detail: '5 restarts',
  remedy: 'it crashes: its log has the reason',
}

/** How each kind of run ends, and what is to be told of it. */
export const runEnds: [
  what: string,
  name: Name | '15-resume',
  how: Parameters<typeof writtenRun>[2],
  outcome: string,
  sentence: RegExp,
][] = [
  [
    'deployed and verified',
    'production',
    {
      more: [
        {type: 'release', release: digest, event: 'live'},
        {type: 'release', release: digest, event: 'verified'},
      ],
    },
    'good',
    /deployed and verified$/,
  ],
  [
    'failed and rolled back',
    'production',
    {
      ends: {'80-verify': 1, '90-rollback': 0},
      more: [
        failedCheck,
        {type: 'release', release: digest, event: 'live'},
        {type: 'release', release: earlier, event: 'rolled-back'},
      ],
    },
    'failed',
    /the deploy failed, and 8ef99bcb6b8e was put back$/,
  ],
  [
    'rollback failed',
    'production',
    {ends: {'80-verify': 1, '90-rollback': 3}, more: [failedCheck]},
    'rollback-failed',
    /a person is needed/,
  ],
  [
    'cancelled and rolled back',
    'production',
    {ends: {'60-deploy': 130, '90-rollback': 0}, more: [{type: 'release', release: earlier, event: 'rolled-back'}]},
    'cancelled',
    /the deploy was cancelled, and 8ef99bcb6b8e was put back$/,
  ],
  ['refused in preflight', 'production', {ends: {'10-preflight': 2}}, 'unjudged', /the deploy could not be judged$/],
  ['a step was killed', 'production', {ends: {'70-health': null}}, 'unjudged', /the deploy could not be judged$/],
  [
    'rolled back by hand',
    'rollback',
    {more: [{type: 'release', release: earlier, event: 'rolled-back'}]},
    'good',
    /rolled back and verified$/,
  ],
  ['rollback by hand failed', 'rollback', {ends: {'90-rollback': 3}}, 'rollback-failed', /a person is needed/],
  [
    'killed, and undone by resume',
    '15-resume',
    {more: [{type: 'fact', name: 'resumed', value: {run: 'killed-run', purpose: 'deploy'}}]},
    'failed',
    /the deploy was killed, and what was live before is live again \(run killed-run\)$/,
  ],
  [
    'killed, and finished by resume',
    '15-resume',
    {more: [{type: 'fact', name: 'resumed', value: {run: 'killed-run', purpose: 'finish'}}]},
    'good',
    /deployed and verified, though the run was killed/,
  ],
  [
    'killed, and resume failed',
    '15-resume',
    {ends: {'15-resume': 3}, more: [{type: 'fact', name: 'resumed', value: {run: 'killed-run', purpose: 'deploy'}}]},
    'rollback-failed',
    /a person is needed/,
  ],
  ['live is not well', 'watch', {ends: {'70-health': 1}, more: [failedCheck]}, 'failed', /live is not well$/],
]

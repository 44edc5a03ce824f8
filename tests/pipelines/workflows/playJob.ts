// Plays a job of a written workflow as GitHub's runner does: `run` blocks with bash, conditions, variables, cancellation.
import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {parse} from 'yaml'
import type {Workflow} from '../../../pipelines/workflows/workflow.ts'
import {type Contexts, filledIn, holds, type JobStatus} from './evaluateExpression.ts'

export interface PlayJob {
  /** Text of the workflow file. */
  text: string
  job: string
  /** The checkout. */
  folder: string
  env: Record<string, string>
  /** Beside `steps`, `job` and `env`, which follow from the play. */
  contexts?: Contexts
  /** Called at the beginning of each `run` block; cancels the job when it gives true at once or later. */
  cancels?: (step: string) => boolean | Promise<boolean>
}

export interface PlayedStep {
  name: string
  outcome: 'success' | 'failure' | 'cancelled' | 'skipped'
  code: number | null
  said: string
  /** Of an action: what it would have been given. */
  given?: Record<string, string>
}

export interface PlayedJob {
  status: JobStatus
  steps: PlayedStep[]
  summary: string
  outcome: (name: string) => PlayedStep['outcome'] | undefined
}

/** Between the signals of a cancelled workflow: SIGINT, SIGTERM, SIGKILL. */
const termAfterMs = 7500
const killAfterMs = 2500

export async function playJob({text, job: jobName, folder, env, contexts = {}, cancels}: PlayJob): Promise<PlayedJob> {
  const job = (parse(text) as Workflow).jobs[jobName]
  if (job === undefined) throw new Error(`the workflow has no job ${jobName}`)
  const files = join(folder, '.runner')
  mkdirSync(files, {recursive: true})
  const file = (name: string) => join(files, name)
  for (const name of ['env', 'path', 'summary']) writeFileSync(file(name), '')
  let status: JobStatus = 'success'
  const steps: PlayedStep[] = []
  const told: Record<string, {outcome: string; outputs: Record<string, string>}> = {}

  for (const [index, step] of job.steps.entries()) {
    const variables = {...env, ...pairs(readFileSync(file('env'), 'utf8'))}
    const now = {
      github: {event: {}, token: ''},
      secrets: {},
      vars: {},
      ...contexts,
      steps: told,
      env: variables,
      job: {status},
    }
    const remember = (played: PlayedStep, outputs: Record<string, string> = {}) => {
      steps.push(played)
      if (step.id !== undefined) told[step.id] = {outcome: played.outcome, outputs}
    }
    if (!holds(step.if, now, status)) {
      remember({name: step.name, outcome: 'skipped', code: null, said: ''})
      continue
    }
    if (step.run === undefined) {
      const given = Object.entries(step.with ?? {}).map(([key, value]) => [key, filledIn(String(value), now)])
      remember({name: step.name, outcome: 'success', code: 0, said: '', given: Object.fromEntries(given)})
      continue
    }
    if (step.run.includes('${{'))
      throw new Error(`${step.name}: an expression in a run block is text that bash reads as code`)
    const output = file(`output-${index}`)
    writeFileSync(output, '')
    writeFileSync(file(`step-${index}.sh`), step.run)
    const added = readFileSync(file('path'), 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .reverse()
    const own = Object.entries(step.env ?? {}).map(([key, value]) => [key, filledIn(value, now)])
    const ended = await runBlock(file(`step-${index}.sh`), folder, {
      env: {
        ...variables,
        ...Object.fromEntries(own),
        PATH: [...added, env.PATH].join(delimiter),
        GITHUB_ACTIONS: 'true',
        GITHUB_ENV: file('env'),
        GITHUB_PATH: file('path'),
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: file('summary'),
      },
      cancels: async () => (await cancels?.(step.name)) ?? false,
    })
    const failed = ended.code === 0 ? 'success' : 'failure'
    const outcome = ended.cancelled ? 'cancelled' : failed
    if (outcome !== 'success' && status === 'success' && step['continue-on-error'] !== true) status = outcome
    if (ended.cancelled) status = 'cancelled'
    remember({name: step.name, outcome, code: ended.code, said: ended.said}, pairs(readFileSync(output, 'utf8')))
  }
  return {
    status,
    steps,
    summary: existsSync(file('summary')) ? readFileSync(file('summary'), 'utf8') : '',
    outcome: name => steps.find(step => step.name === name)?.outcome,
  }
}

function pairs(text: string): Record<string, string> {
  const lines = text.split('\n').filter(line => line.includes('='))
  return Object.fromEntries(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

interface Block {
  env: Record<string, string>
  cancels: () => Promise<boolean>
}

async function runBlock(script: string, cwd: string, {env, cancels}: Block) {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', part => (said += part))
  child.stderr.setEncoding('utf8').on('data', part => (said += part))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const timers: NodeJS.Timeout[] = []
  let cancelled = false
  const cancelling = cancels().then(cancel => {
    if (!cancel || child.exitCode !== null) return
    cancelled = true
    // Only the process that was started is told, none of its children.
    child.kill('SIGINT')
    timers.push(
      setTimeout(() => child.kill('SIGTERM'), termAfterMs),
      setTimeout(() => child.kill('SIGKILL'), termAfterMs + killAfterMs),
    )
  })
  const code = await ended
  await cancelling
  for (const timer of timers) clearTimeout(timer)
  return {code, said, cancelled}
}

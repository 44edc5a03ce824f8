// What is wrong with one program of a stack, in one sentence, and the next command: a pure function of what was observed.
import {lastEnd} from '../target/lastEnd.ts'
import type {ProgramStatus} from '../target/target.ts'
import type {ServerAnswer, StackHealth} from './askHealth.ts'

export interface ProgramState {
  name: string
  /** `unknown`: it could not be asked, gave no answer in time, or its requests wait while it changes. */
  state: 'healthy' | 'unhealthy' | 'unknown'
  /** What it is, and how: one line. */
  sentence: string
  /** The command that helps, without `--env` and `--fleet`; undefined where nothing is to be done. */
  next: string | undefined
}

/** Everything that can be known of one program; undefined where the target does not show it. */
export type Observed = ProgramStatus | undefined

export function ingressState(
  program: Observed,
  {answersInMs, fault}: StackHealth,
  url: string,
  now: Date,
): ProgramState {
  const name = 'ingress'
  const broken = brokenProgram(name, program, now)
  if (broken !== undefined) return broken
  const process = processOf(program)
  if (answersInMs === undefined)
    return {
      name,
      state: 'unhealthy',
      sentence: `${process}: does not answer at ${url}: ${fault}`,
      next: 'pnpm logs ingress',
    }
  return {name, state: 'healthy', sentence: `${process}, ${url} answers in ${answersInMs} ms`, next: undefined}
}

export function serverState(
  name: string,
  program: Observed,
  answer: ServerAnswer | undefined,
  {ingressAnswers, now}: {ingressAnswers: boolean; now: Date},
): ProgramState {
  const broken = brokenProgram(name, program, now)
  if (broken !== undefined) return broken
  const process = processOf(program)
  if (!ingressAnswers)
    return {
      name,
      state: 'unknown',
      sentence: `${process}: not asked, since the ingress does not answer`,
      next: undefined,
    }
  switch (answer?.says) {
    case 'ok':
      return {name, state: 'healthy', sentence: process, next: undefined}
    case 'held':
      return {name, state: 'unknown', sentence: `${process}: ${answer.detail}`, next: undefined}
    case 'silent':
      // A busy machine may be at fault, and not the server.
      return {name, state: 'unknown', sentence: `${process}: ${answer.detail}`, next: `pnpm logs ${name}`}
    default:
      return {
        name,
        state: 'unhealthy',
        sentence: `${process}: ${answer?.detail ?? 'the ingress has no route to it'}`,
        next: `pnpm logs ${name}`,
      }
  }
}

/** Whether something keeps it running, and why not. */
export function notKeptRunning({running, supervised, frozen}: ProgramStatus): string | undefined {
  if (running && !supervised) return 'not kept running: its supervisor has ended'
  return frozen === 'supervisor' ? 'not kept running: its supervisor is frozen (SIGSTOP)' : undefined
}

function brokenProgram(name: string, program: Observed, now: Date): ProgramState | undefined {
  const broken = (sentence: string, next: string): ProgramState => ({name, state: 'unhealthy', sentence, next})
  if (program === undefined) return broken('the target does not show it', 'pnpm resume')
  const {running, supervised, frozen, nextTryMs} = program
  if (!running && !supervised) return broken(`does not run${endsOf(program)}`, 'pnpm resume')
  if (!running) {
    const when = nextTryMs === undefined ? 'now' : `in ${seconds(nextTryMs - now.getTime())} s`
    return broken(`restarting, next try ${when}${endsOf(program)}`, helps(name))
  }
  if (frozen === 'program') return broken(`${processOf(program)}: frozen (SIGSTOP), answers nothing`, 'pnpm resume')
  const notKept = notKeptRunning(program)
  return notKept === undefined ? undefined : broken(`${processOf(program)}: ${notKept}`, 'pnpm resume')
}

// What ends over and over has written why; a server whose cause is gone need not wait for the next try.
function helps(name: string): string {
  return name === 'ingress' ? 'pnpm logs ingress' : `pnpm logs ${name}, then pnpm restart ${name}`
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000))
}

function processOf(program: Observed): string {
  if (program === undefined) return 'not shown by the target'
  const {identity, memoryMegabytes, unisolated} = program
  const memory = memoryMegabytes === undefined ? '' : `, ${Math.round(memoryMegabytes)} MB`
  return `process ${identity.split('@')[0]}${memory}${unisolated ? ', not isolated (its log says why)' : ''}${endsOf(program)}`
}

function endsOf({restarts, lastExit}: ProgramStatus): string {
  if (restarts === 0 && lastExit === undefined) return ''
  const count = restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`
  return `${count}${lastExit === undefined ? '' : `, ${lastEnd(lastExit)}`}`
}

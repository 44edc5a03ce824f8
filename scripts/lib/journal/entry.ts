// The closed union of journal entries: everything that a run did, one object a line.
import type {Verdict} from '../errors/verdict.ts'

/** Raised when the meaning of an entry changes; readers refuse a newer journal. */
export const journalVersion = 1

/** The first entry of a run: what was started, on what, by whom. */
export interface RunEntry {
  type: 'run'
  run: string
  journalVersion: number
  pipeline: string
  /** Name of the fleet; absent when its file could not be read. */
  fleet?: string
  environment: string
  seaworthyVersion: string
  node: string
  platform: string
  host: string
  /** Names of the steps in the order in which they are planned. */
  steps: string[]
}

/** One step began or ended. A step that began and has no end was killed; the runner writes its end. */
export interface StepEntry {
  type: 'step'
  step: string
  state: 'started' | 'finished'
  verdict?: Verdict
  cancelled?: boolean
  exitCode?: number
  ms?: number
  /** One sentence; for a failure what happened and what to do. */
  detail?: string
}

/** A command: the intent is written before it runs, the result after it. */
export interface CommandEntry {
  type: 'command'
  id: string
  state: 'started' | 'finished'
  why: string
  argv: string[]
  readOnly: boolean
  exitCode?: number
  ms?: number
  /** Last lines of what it printed, redacted. */
  output?: string
}

/** Something that a person should look at; it decides nothing by itself. */
export interface Finding {
  severity: 'High' | 'Medium' | 'Low'
  /** Where it is: a tool and its field, or a file and its line. */
  place: string
  /** What was found there; never the value of a secret. */
  text: string
}

/** One assertion of a phase about one server, or about the fleet as a whole when `server` is absent. */
export interface CheckEntry {
  type: 'check'
  phase: string
  /** `phase/name`, the id used by `accept:` entries and by docs/checks.md. */
  check: string
  server?: string
  verdict: Verdict
  /** One sentence with the measured numbers. */
  detail: string
  /** Measured value and its limit, where the check has numbers. */
  value?: number | string
  limit?: number | string
  unit?: string
  /** What to do when it is not a pass. */
  remedy?: string
  /** What was seen: a response, log lines, a diff. Short; redacted. */
  evidence?: string
  /** What was seen beside the verdict, for a person to judge. */
  findings?: Finding[]
  /** Present when it failed and an `accept:` entry of the fleet file could cover it. */
  acceptable?: true
  /** Present when an `accept:` entry of the fleet file covers a check that failed. */
  accepted?: {reason: string; until: string}
  /** Present when it was judged from what an earlier run saw, since nothing that it depends on has changed. */
  carried?: {run: string; at: string}
  ms?: number
}

/** How a step tells a later one something, and what a phase observed. */
export interface FactEntry {
  type: 'fact'
  name: string
  value: unknown
}

/** Something happened to a release. */
export interface ReleaseEntry {
  type: 'release'
  release: string
  event: 'built' | 'planned' | 'placed' | 'rehearsed' | 'live' | 'verified' | 'rolled-back'
  detail?: string
}

/** A copy of what must survive was made, read back or restored. */
export interface BackupEntry {
  type: 'backup'
  event: 'made' | 'verified' | 'restored'
  path: string
  sha256: string
  bytes: number
}

export type EntryBody = RunEntry | StepEntry | CommandEntry | CheckEntry | FactEntry | ReleaseEntry | BackupEntry

/** `at` is an ISO 8601 time in UTC; `step` of a check or fact is the step that wrote it. */
export type Entry = EntryBody & {at: string; by?: string}

export type EntryOf<Type extends EntryBody['type']> = Extract<Entry, {type: Type}>

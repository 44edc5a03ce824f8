// What is wrong with the shape of a journal entry. By hand, since every step reads thousands of them.
import {verdicts} from '../errors/verdict.ts'
import type {Entry} from './entry.ts'

type Check = (value: unknown) => boolean

const text: Check = value => typeof value === 'string'
// JSON has null for what is no number.
const number: Check = value => typeof value === 'number' || value === null
const flag: Check = value => typeof value === 'boolean'
const time: Check = value => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const verdict: Check = value => (verdicts as readonly unknown[]).includes(value)
const maybe =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)
const list =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const either =
  (...checks: Check[]): Check =>
  value =>
    checks.some(check => check(value))
const one =
  (...known: string[]): Check =>
  value =>
    known.includes(value as string)
const members =
  (checks: Record<string, Check>): Check =>
  value =>
    value !== null &&
    typeof value === 'object' &&
    Object.entries(checks).every(([key, check]) => check((value as Record<string, unknown>)[key]))

const finding = members({severity: one('High', 'Medium', 'Low'), place: text, text})

const shapes: Record<Entry['type'], Record<string, Check>> = {
  run: {
    ...{
      run: text,
      journalVersion: number,
      pipeline: text,
      fleet: maybe(text),
      environment: text,
      seaworthyVersion: text,
    },
    ...{node: text, platform: text, host: text, steps: list(text)},
  },
  step: {
    ...{step: text, state: one('started', 'finished'), verdict: maybe(verdict), cancelled: maybe(flag)},
    ...{exitCode: maybe(number), ms: maybe(number), detail: maybe(text)},
  },
  command: {
    ...{id: text, state: one('started', 'finished'), why: text, argv: list(text), readOnly: flag},
    ...{exitCode: maybe(number), ms: maybe(number), output: maybe(text)},
  },
  check: {
    ...{phase: text, check: text, server: maybe(text), verdict, detail: text, unit: maybe(text), remedy: maybe(text)},
    ...{
      value: maybe(either(number, text)),
      limit: maybe(either(number, text)),
      evidence: maybe(text),
      ms: maybe(number),
    },
    findings: maybe(list(finding)),
    accepted: maybe(members({reason: text, until: text})),
    carried: maybe(members({run: text, at: text})),
  },
  fact: {name: text},
  release: {release: text, event: text, detail: maybe(text)},
  backup: {event: text, path: text, sha256: text, bytes: number},
}

/** A sentence part; undefined for an entry of its shape, and for one of a type that only a newer version knows. */
export function entryFault(entry: Entry): string | undefined {
  const shape = shapes[entry.type]
  if (shape === undefined) return undefined
  const checks = {at: time, by: maybe(text), ...shape}
  const wrong = Object.entries(checks).find(
    ([key, check]) => !check((entry as unknown as Record<string, unknown>)[key]),
  )
  return wrong && `${wrong[0]} of the entry ${entry.type} is not as it was written`
}

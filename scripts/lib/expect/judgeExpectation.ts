// Compares what a declared call answered with what the fleet file expects of it.

import {UserError} from '../errors/userError.ts'
import type {JsonObject} from '../mcp/jsonRpc.ts'
import type {Outcome} from '../mcp/outcome.ts'
import {compileSchema} from '../mcp/schemaCheck.ts'
import type {Expectation, Matcher} from './expectation.ts'
import {select} from './jsonPath.ts'
import {withinMs} from './withinMs.ts'

/** A path, pattern or schema that needs longer than this on one answer is itself at fault. */
const comparedWithinMs = 1000

/** What is wrong with the outcome, one sentence a fault; empty when all that is expected holds. */
export function judgeExpectation(outcome: Outcome, expected: Expectation): string[] {
  const faults: string[] = []
  if (outcome.kind !== expected.outcome)
    return [`should end as ${expected.outcome}, ended as ${outcome.kind}: ${outcome.summary}`]
  if (expected.latencyMs !== undefined && outcome.ms > expected.latencyMs) {
    faults.push(`should answer within ${expected.latencyMs} ms, took ${Math.round(outcome.ms)} ms`)
  }
  return [...faults, ...judgeResult(outcome.result ?? errorAsResult(outcome), expected)]
}

// The text of an error is its message, as that of a result is its text content.
function errorAsResult({error}: Outcome): JsonObject {
  return error === undefined ? {} : {content: [{type: 'text', text: error.message}]}
}

/** Whether all that is wrong is how long it took. */
export function isLateOnly(outcome: Outcome, expected: Expectation): boolean {
  if (outcome.kind === 'deadline') return true
  return (
    judgeExpectation(outcome, expected).length > 0 &&
    judgeExpectation(outcome, {...expected, latencyMs: undefined}).length === 0
  )
}

/** The part of an expectation that is about the result of tools/call. */
export function judgeResult(
  result: JsonObject,
  {text, schema, match, cost}: Omit<Expectation, 'outcome' | 'latencyMs'>,
): string[] {
  const faults: string[] = []
  if (text !== undefined && !textOf(result).includes(text))
    faults.push(`text should contain ${short(text)}, got ${short(textOf(result))}`)
  if (schema === undefined && cost === undefined && Object.keys(match).length === 0) return faults
  return [...faults, ...bounded(() => structureFaults(result, {schema, match, cost}))]
}

// The server chooses the response; it must not be able to crash the evaluation with it.
function bounded(work: () => string[]): string[] {
  try {
    return withinMs(work, comparedWithinMs, 'comparing the answer with the patterns of the fleet file')
  } catch (thrown) {
    if (thrown instanceof UserError) return [thrown.message]
    throw thrown
  }
}

function structureFaults(
  result: JsonObject,
  {schema, match, cost}: Pick<Expectation, 'schema' | 'match' | 'cost'>,
): string[] {
  return [
    ...(schema === undefined ? [] : schemaFaults(schema, result.structuredContent)),
    ...Object.entries(match).flatMap(([path, matcher]) => matchFaults(path, select(path, result), matcher)),
    ...(cost === undefined ? [] : costFaults(cost.path, select(cost.path, result), cost.atMost)),
  ]
}

/** The text content of a tool result, joined. */
function textOf(result: JsonObject): string {
  const content = Array.isArray(result.content) ? (result.content as {type?: string; text?: string}[]) : []
  return content.flatMap(item => (item.type === 'text' && item.text !== undefined ? [item.text] : [])).join('\n')
}

function schemaFaults(schema: JsonObject, value: unknown): string[] {
  const check = compileSchema(schema)
  if (!check.ok) return [`the expected schema cannot be used: ${check.reason}`]
  return check.faults(value).map(fault => `structuredContent ${fault}`)
}

function costFaults(path: string, values: unknown[], atMost: number): string[] {
  const total = values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : Number.NaN), 0)
  if (values.length === 0) return [`${path} should give a cost, selects nothing`]
  if (Number.isNaN(total)) return [`${path} should give numbers, gives ${short(values)}`]
  return total <= atMost ? [] : [`${path} should cost at most ${atMost}, costs ${total}`]
}

function matchFaults(path: string, values: unknown[], matcher: Matcher): string[] {
  const faults: string[] = []
  const {equals, matches, contains, atLeast, atMost, exists, count} = matcher
  if (exists === false && values.length > 0) faults.push(`${path} should select nothing, selects ${short(values)}`)
  if (count !== undefined && values.length !== count)
    faults.push(`${path} should select ${count}, selects ${values.length}`)
  if (exists === false || (count === 0 && values.length === 0)) return faults
  if (values.length === 0) return [...faults, `${path} selects nothing`]
  for (const value of values) {
    if (equals !== undefined && !same(value, equals))
      faults.push(`${path} should be ${short(equals)}, is ${short(value)}`)
    if (matches !== undefined && !new RegExp(matches).test(asText(value)))
      faults.push(`${path} should match ${matches}, is ${short(value)}`)
    if (contains !== undefined && !holds(value, contains))
      faults.push(`${path} should contain ${short(contains)}, is ${short(value)}`)
    if (atLeast !== undefined && !(typeof value === 'number' && value >= atLeast))
      faults.push(`${path} should be at least ${atLeast}, is ${short(value)}`)
    if (atMost !== undefined && !(typeof value === 'number' && value <= atMost))
      faults.push(`${path} should be at most ${atMost}, is ${short(value)}`)
  }
  return faults
}

function holds(value: unknown, part: unknown): boolean {
  if (Array.isArray(value)) return value.some(item => same(item, part))
  return typeof value === 'string' && typeof part === 'string' && value.includes(part)
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1)))
      : item,
  )
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

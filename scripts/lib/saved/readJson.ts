// Reads a JSON file of an environment, which may be absent but must not be unreadable, and must have its shape.

import {UserError} from '../errors/userError.ts'
import {savedText, Unreadable} from '../files/savedText.ts'
import {oneLine} from '../text/foreignText.ts'
import {describeIssue} from './describeIssue.ts'
import {type Fault, shown} from './fault.ts'
import type {z} from './zod.ts'

/** What a text of JSON should be, for whoever reads it. */
export interface Saved {
  /** What it should be, for messages: "the live pointer". */
  what: string
  shape: z.ZodType
  /** What is wrong with a value of that shape, a sentence part: a place outside of the root, for one. */
  faultOf?: (value: never) => string | undefined
  /** What to do about a damaged one: the command that still works. */
  remedy: string
}

export interface SavedFile extends Saved {
  path: string
}

/**
 * Undefined when there is no such file. Members that the shape does not know are left out where it is strict, as a newer
 * version may have written them. Throws a `UserError` for a file that cannot be read or is not of that shape.
 */
export function readJson<Value>({path, ...saved}: SavedFile): Value | undefined {
  try {
    const text = savedText(path)
    return text === undefined ? undefined : savedValue<Value>(text, path, saved)
  } catch (error) {
    throw withRemedy(error, path, saved)
  }
}

/** The value of a text that was read at `place`. Throws a `UserError` for one that is not of that shape. */
export function savedValue<Value>(text: string, place: string, {what, shape, faultOf, remedy}: Saved): Value {
  const damaged = (fault: string, cause?: unknown) => damagedError({place, what, fault, remedy, cause})
  const value = parseSaved(text, shape, damaged)
  const fault = faultOf?.(value as never)
  if (fault !== undefined) throw damaged(fault)
  return value as Value
}

/** Says of what could not be read at `place` what it should be, and the command that still works. Any other error stays as it is. */
export function withRemedy(error: unknown, place: string, {what, remedy}: Saved): unknown {
  return error instanceof Unreadable ? damagedError({place, what, fault: error.fault, remedy, cause: error}) : error
}

function damagedError(found: Pick<Saved, 'what' | 'remedy'> & {place: string; fault: string; cause: unknown}) {
  const {place, what, fault, remedy, cause} = found
  return new UserError(`${place}: should be ${what}, ${fault}`, remedy, {cause})
}

/** The value of a text of JSON. `damaged` makes the error that is thrown from what is wrong, a sentence part. */
export function parseSaved(
  text: string,
  shape: z.ZodType,
  damaged: (fault: string, cause?: unknown) => Error,
): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(text === '' ? 'is empty' : `is no JSON: ${oneLine(text.slice(0, 40))}`, cause)
  }
  // It would change the object that it is copied to.
  if (text.includes('"__proto__"')) throw damaged('has a member that no such file has: __proto__')
  const result = shape.safeParse(value, {reportInput: true})
  if (result.success) return result.data
  const {issues} = result.error
  const extra = issues.filter(issue => issue.code === 'unrecognized_keys')
  if (extra.length < issues.length) throw damaged(faultText(issues.find(issue => issue.code !== 'unrecognized_keys')))
  for (const {path, keys} of extra) for (const key of keys) removeMember(value, path, key)
  const again = shape.safeParse(value, {reportInput: true})
  if (again.success) return again.data
  throw damaged(faultText(again.error.issues[0]))
}

function faultText(issue: z.core.$ZodIssue | undefined): string {
  const [fault] = issue === undefined ? [] : describeIssue(issue, () => [])
  if (fault === undefined) return 'is damaged'
  return `but ${placeOf(fault)} ${oneLine(fault.message)}`
}

function placeOf({path}: Fault): string {
  return path.length === 0
    ? 'it'
    : oneLine(path.map(part => (typeof part === 'number' ? part : shortened(part))).join('.'))
}

function shortened(part: string): string {
  return part.length <= 60 ? part : shown(part)
}

function removeMember(value: unknown, path: readonly PropertyKey[], key: string): void {
  const holder = path.reduce<unknown>((at, part) => (at as Record<PropertyKey, unknown>)[part], value)
  Reflect.deleteProperty(holder as object, key)
}

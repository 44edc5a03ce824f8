// Reads a JSON file of an environment, which may be absent but must not be unreadable, and must have its shape.
import {readFileSync, statSync} from 'node:fs'
import {ifThere} from './files/ifThere.ts'
import {describeIssue} from './fleet/describeIssue.ts'
import {type Fault, shown} from './fleet/fault.ts'
import {oneLine} from './foreignText.ts'
import {UserError} from './userError.ts'
import type {z} from './zod.ts'

export interface SavedFile {
  path: string
  /** What it should be, for messages: "the live pointer". */
  what: string
  shape: z.ZodType
  /** What is wrong with a value of that shape, a sentence part: a place outside of the root, for one. */
  faultOf?: (value: never) => string | undefined
  /** What to do about a damaged one: the command that still works. */
  remedy: string
}

// The largest that is written, the description of 1,000 servers, has 10 MB.
const maximumBytes = 64 * 1024 * 1024

/**
 * Undefined when there is no such file. Members that the shape does not know are left out where it is strict, as a newer
 * version may have written them. Throws a `UserError` for a file that cannot be read or is not of that shape.
 */
export function readJson<Value>({path, what, shape, faultOf, remedy}: SavedFile): Value | undefined {
  const damaged = (fault: string, cause?: unknown) =>
    new UserError(`${path}: should be ${what}, ${fault}`, remedy, {cause})
  const text = textOf(path, damaged)
  if (text === undefined) return undefined
  const value = parseSaved(text, shape, damaged)
  const fault = faultOf?.(value as never)
  if (fault !== undefined) throw damaged(fault)
  return value as Value
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

function textOf(path: string, damaged: (fault: string, cause?: unknown) => Error): string | undefined {
  try {
    const found = ifThere(() => statSync(path))
    if (found === undefined) return undefined
    // To read a pipe or a device could take for ever.
    if (!found.isFile()) throw damaged(found.isDirectory() ? 'is a folder' : 'is no file')
    if (found.size > maximumBytes) throw damaged(`has ${found.size} bytes, more than any such file`)
    return ifThere(() => readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw damaged(`cannot be read: ${(cause as Error).message}`, cause)
  }
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

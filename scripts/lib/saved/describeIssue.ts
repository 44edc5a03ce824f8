// Says a zod issue in our form: what it should be, what it is, what to do; unknown keys list the known ones.
import type {z} from 'zod'
import {nearest} from '../text/nearest.ts'
import {type Fault, shown} from './fault.ts'

type Issue = z.core.$ZodIssue

/** Faults of one issue. `knownKeys` lists the keys allowed at a path. */
export function describeIssue(issue: Issue, knownKeys: (path: PropertyKey[]) => string[]): Fault[] {
  const path = issue.path.map(part => (typeof part === 'symbol' ? String(part) : part))
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(issue.path)
      return issue.keys.map(key => ({
        path: [...path, key],
        message: 'is not a known key',
        remedy: `${nearest(key, known)}known here: ${known.join(', ')}`,
      }))
    }
    case 'invalid_type':
      return [
        issue.input === undefined
          ? {path, message: `is required and should be ${article(issue.expected)}`}
          : {path, message: `should be ${article(issue.expected)}, got ${shown(issue.input)}`},
      ]
    case 'invalid_value':
      return [{path, message: `should be one of ${issue.values.join(', ')}, got ${shown(issue.input)}`}]
    case 'too_small':
      return [
        {
          path,
          message: `should ${bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}, got ${shown(issue.input)}`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          message: `should ${bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}, got ${shown(issue.input)}`,
        },
      ]
    case 'invalid_key':
      return [{path, message: `the name ${shown(path.at(-1))} ${issue.issues[0]?.message ?? 'is not allowed'}`}]
    case 'invalid_format':
      // Whoever wrote the value where its name belongs must not find it in a log as well.
      return [
        {
          path,
          message: `${formatText(issue)}, got ${path.at(-1) === 'secret' ? 'something else' : shown(issue.input)}`,
        },
      ]
    default:
      return [{path, message: `${issue.message}, got ${shown(issue.input)}`}]
  }
}

function article(type: string): string {
  const names: Record<string, string> = {
    record: 'a map',
    object: 'a map',
    array: 'a list',
    string: 'a text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  }
  return names[type] ?? type
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const things: Record<string, string> = {string: 'character', array: 'entry'}
  const thing = things[origin]
  if (thing === undefined) return `be ${relation} ${limit}`
  const plural = thing === 'entry' ? 'entries' : 'characters'
  return `have ${relation} ${limit} ${limit === 1 ? thing : plural}`
}

function formatText(issue: z.core.$ZodIssueInvalidStringFormat): string {
  return issue.format === 'date' ? 'should be a day such as 2027-01-31' : issue.message
}

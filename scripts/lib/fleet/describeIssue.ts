// Says a zod issue in our form: what it should be, what it is, what to do; unknown keys list the known ones.
import type {z} from 'zod'
import {nearest} from '../nearest.ts'
import {type Fault, shown} from './fault.ts'

type Issue = z.core.$ZodIssue

/** Faults of one issue (a union reports the branch that came closest). `knownKeys` lists the keys allowed at a path. */
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
          message: `should be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit(issue.origin)}, got ${shown(issue.input)}`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          message: `should be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit(issue.origin)}, got ${shown(issue.input)}`,
        },
      ]
    case 'invalid_key':
      return [{path, message: `the name ${shown(path.at(-1))} ${issue.issues[0]?.message ?? 'is not allowed'}`}]
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

function unit(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

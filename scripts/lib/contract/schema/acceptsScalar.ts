// The keywords that speak of numbers and texts, asked of one value.
import type {Json, JsonObject} from '../surface.ts'
import {type Answer, every} from './answer.ts'
import {isMultiple} from './bounds.ts'
import {numberAt, ownMember} from './ownMember.ts'
import {runPattern} from './runPattern.ts'

// Good under every reading of the format, and also where nobody reads it.
export const formatExamples: Readonly<Record<string, string>> = {
  date: '2026-01-02',
  time: '10:20:30Z',
  'date-time': '2026-01-02T10:20:30Z',
  duration: 'P1D',
  email: 'a@example.org',
  hostname: 'example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.org/a',
  'uri-reference': 'https://example.org/a',
  url: 'https://example.org/a',
  uuid: '6f1d2f2e-5a0e-4c1b-9f43-1b7a3c5d7e90',
}

export function acceptsScalar(keywords: JsonObject, value: Json): Answer {
  if (typeof value === 'number') return acceptsNumber(keywords, value)
  return typeof value === 'string' ? acceptsText(keywords, value) : true
}

function acceptsNumber(keywords: JsonObject, value: number): Answer {
  const unit = numberAt(keywords, 'multipleOf')
  return every([
    value >= (numberAt(keywords, 'minimum') ?? -Infinity),
    value <= (numberAt(keywords, 'maximum') ?? Infinity),
    value > (numberAt(keywords, 'exclusiveMinimum') ?? -Infinity),
    value < (numberAt(keywords, 'exclusiveMaximum') ?? Infinity),
    unit === undefined ? true : isMultiple(value, unit),
  ])
}

function acceptsText(keywords: JsonObject, value: string): Answer {
  const length = [...value].length
  const [pattern, format] = [ownMember(keywords, 'pattern'), ownMember(keywords, 'format')]
  return every([
    length >= (numberAt(keywords, 'minLength') ?? 0),
    length <= (numberAt(keywords, 'maxLength') ?? Infinity),
    typeof pattern === 'string' ? runPattern(pattern, value) : true,
    // Some validators enforce formats and some do not (JSON Schema 2020-12, validation 7.2).
    typeof format !== 'string' || formatExamples[format] === value ? true : undefined,
  ])
}

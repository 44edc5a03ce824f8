// Numbers and texts at the limits that some schemas set, and just beyond them.
import {formatExamples} from './acceptsScalar.ts'
import {numberAt, ownMember} from './ownMember.ts'
import type {Part} from './schemaCase.ts'

const longest = 2000

export function sampleNumbers(said: readonly Part[]): number[] {
  const limits = said.flatMap(({keywords}) =>
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap(name => numberAt(keywords, name) ?? []),
  )
  const units = said.flatMap(({keywords}) => numberAt(keywords, 'multipleOf') ?? [])
  const near = limits.flatMap(limit => [limit, limit + 1, limit - 1, limit + 0.5, limit - 0.5])
  const multiples = units.flatMap(unit => [
    unit,
    -unit,
    2 * unit,
    3 * unit,
    ...limits.flatMap(limit => [-1, 0, 1].map(step => (Math.round(limit / unit) + step) * unit)),
  ])
  const both = units.flatMap(one => units.map(other => one * other))
  return [0, 1, -1, 0.5, 2, 3, 7, ...near, ...multiples, ...both, 1000, -1000, 1.25].filter(Number.isFinite)
}

export function sampleTexts(said: readonly Part[]): string[] {
  const lengths = said.flatMap(({keywords}) =>
    ['minLength', 'maxLength']
      .flatMap(name => numberAt(keywords, name) ?? [])
      .flatMap(size => [size, size - 1, size + 1]),
  )
  const formats = said.flatMap(({keywords}) => formatExamples[String(ownMember(keywords, 'format'))] ?? [])
  const patterns = said.flatMap(({keywords}) => plainText(ownMember(keywords, 'pattern')))
  const short = ['', 'a', 'A', '0', '-', ' ', 'ab', 'abc', '00', 'a0', 'x y']
  const sized = lengths
    .filter(size => size >= 0 && size <= longest)
    .flatMap(size => ['a', '0'].map(c => c.repeat(size)))
  return [...formats, ...short, ...patterns, ...sized]
}

// What is left of a pattern without its signs matches surprisingly many.
function plainText(pattern: unknown): string[] {
  if (typeof pattern !== 'string' || pattern.length > 200) return []
  return [pattern.replaceAll(/[\^$]/g, ''), pattern.replaceAll(/[\^$\\]|\[|\].*$/g, '')].filter(
    text => text.length < 40,
  )
}

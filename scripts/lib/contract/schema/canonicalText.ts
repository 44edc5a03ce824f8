// JSON with sorted keys as one text, for comparing many values at once.
import type {Json} from '../surface.ts'

const deepest = 100

/** Undefined where the value is nested deeper than 100 levels. */
export function canonicalText(value: Json, depth = 0): string | undefined {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (depth > deepest) return undefined
  const parts = Array.isArray(value)
    ? value.map(item => canonicalText(item, depth + 1))
    : Object.keys(value)
        .sort()
        .map(key => {
          const text = canonicalText(value[key] ?? null, depth + 1)
          return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`
        })
  if (parts.includes(undefined)) return undefined
  return Array.isArray(value) ? `[${parts.join()}]` : `{${parts.join()}}`
}

// A value of a stranger as a few words of a sentence.
import {canonicalText} from '../schema/canonicalText.ts'
import type {Json} from '../surface.ts'
import {quoted} from './pointer.ts'

const longest = 60

export function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return quoted(value)
  const text = canonicalText(value) ?? 'something deeply nested'
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** `changed from 1 to 2`, `is new: 2`, `is gone; it was 1`. */
export function shownChange(before: Json | undefined, after: Json | undefined): string {
  if (before === undefined) return `is new: ${shown(after)}`
  if (after === undefined) return `is gone; it was ${shown(before)}`
  return `changed from ${shown(before)} to ${shown(after)}`
}

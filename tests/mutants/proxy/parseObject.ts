// Reads a text that may be a JSON object; undefined when it is none.
import type {Json} from './mutation.ts'

export function parseObject(text: string): Json | undefined {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

// Fills ids into the declared arguments of a counting tool.
import type {JsonObject} from '../mcp/jsonRpc.ts'

/** `{id}` in any text becomes the id; a text that is exactly `{ids}` becomes the list. Keys are left alone. */
export function fillIds(values: JsonObject, {id = '', ids = []}: {id?: string; ids?: readonly string[]}): JsonObject {
  const fill = (value: unknown): unknown => {
    if (value === '{ids}') return [...ids]
    if (typeof value === 'string') return value.replaceAll('{id}', id)
    if (Array.isArray(value)) return value.map(fill)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]))
  }
  return fill(values) as JsonObject
}

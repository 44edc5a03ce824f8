// Looks up what the schema of the fleet file says at a path: which keys it knows, and whether a text is wanted.
import type {z} from 'zod'
import {fleetFile} from './schema.ts'

type Part = PropertyKey

/** The keys that are known at a path; none where the schema knows no map. */
export function keysAt(path: readonly Part[]): string[] {
  const shape = (schemaAt(path) as {shape?: object} | undefined)?.shape
  return shape === undefined ? [] : Object.keys(shape)
}

/** Whether the schema wants a text there, so that "5" must not become a number. */
export function takesText(path: readonly Part[]): boolean {
  const type = (schemaAt(path) as z.ZodType | undefined)?.def.type
  return type === 'string' || type === 'enum'
}

function schemaAt(path: readonly Part[]): unknown {
  let schema: unknown = bare(fleetFile)
  for (const part of path) schema = bare(child(schema, part))
  return schema
}

function child(schema: unknown, part: Part): unknown {
  const {shape, element, valueType} = (schema ?? {}) as {
    shape?: Record<Part, unknown>
    element?: unknown
    valueType?: unknown
  }
  return shape === undefined ? (element ?? valueType) : shape[part]
}

// Optional, default and prefault wrap the schema that has the keys.
function bare(schema: unknown): unknown {
  let inner = schema as {def?: {innerType?: z.ZodType}} | undefined
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner
  return inner
}

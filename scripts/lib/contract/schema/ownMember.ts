// Reads JSON that a stranger wrote: members that are really there, whatever they are called.
import type {Json, JsonObject} from '../surface.ts'

export function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The member, or undefined; `__proto__` and `constructor` are names like any other. */
export function ownMember(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/** A keyword's value as an object, empty where it is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = ownMember(object, name)
  return isObject(value) ? value : {}
}

export function listAt(object: JsonObject, name: string): Json[] {
  const value = ownMember(object, name)
  return Array.isArray(value) ? value : []
}

export function namesAt(object: JsonObject, name: string): string[] {
  return listAt(object, name).filter(item => typeof item === 'string')
}

export function numberAt(object: JsonObject, name: string): number | undefined {
  const value = ownMember(object, name)
  return typeof value === 'number' ? value : undefined
}

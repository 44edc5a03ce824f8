// Reads a JSON document of an environment, which may be absent but must not be unreadable, and must have its shape.
import {type Saved, savedValue, withRemedy} from '../saved/readJson.ts'
import type {Documents} from './documents.ts'

/** Undefined when there is no such document. Rejects with a `UserError` for one that cannot be read or is not of that shape. */
export async function readDocument<Value>(
  {read, place}: Pick<Documents, 'read' | 'place'>,
  key: string,
  saved: Saved,
): Promise<Value | undefined> {
  try {
    const document = await read(key)
    return document && savedValue<Value>(document.text, place(key), saved)
  } catch (error) {
    throw withRemedy(error, place(key), saved)
  }
}

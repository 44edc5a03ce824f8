// Finds values of secrets in a stream of bytes, in every form in which the journal redacts them.

import type {SecretValues} from '../fleet/secrets.ts'
import {redactor, shortestSecret} from '../journal/redactor.ts'

export interface SecretFinder {
  next: (chunk: Uint8Array) => void
  /** Names of the secrets whose values were seen so far. */
  found: () => string[]
}

// An escaped character inside a JSON string takes six; no form of a value is longer than that.
const longestForm = 6

export function secretFinder(secrets: SecretValues): SecretFinder {
  const known = Object.entries(secrets).flatMap(([name, value = '']) =>
    value.length < shortestSecret ? [] : {name, value},
  )
  const overlap = Math.max(0, ...known.map(({value}) => Buffer.byteLength(value) * longestForm))
  // Bytes are looked at as Latin-1, where a value beyond ASCII has another spelling than in a text.
  const detectors = known.map(({name, value}) => ({
    name,
    redact: redactor({value, bytes: Buffer.from(value).toString('latin1')}),
  }))
  const seen = new Set<string>()
  let tail = ''
  return {
    next: chunk => {
      if (detectors.length === 0) return
      const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
      for (const {name, redact} of detectors) if (!seen.has(name) && redact(text) !== text) seen.add(name)
      tail = text.slice(-overlap)
    },
    found: () => [...seen],
  }
}

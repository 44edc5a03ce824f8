// Finds the values of secrets in a text, in every form in which they commonly leak; says which and where, never the value.

import type {SecretValues} from '../../lib/fleet/secrets.ts'
import {redactor} from '../../lib/journal/redactor.ts'

export interface SecretPlace {
  /** Name of the secret. */
  secret: string
  /** Line in the text, from 1. */
  line: number
}

/** The first line of the text that holds each secret. */
export function secretsIn(text: string, secrets: SecretValues): SecretPlace[] {
  return Object.entries(secrets).flatMap(([secret, value]) => {
    if (value === undefined || value === '') return []
    const redact = redactor({[secret]: value})
    if (redact(text) === text) return []
    const line = text.split('\n').findIndex(one => redact(one) !== one)
    // A secret of several lines is found in the whole alone.
    return [{secret, line: Math.max(0, line) + 1}]
  })
}

// Finds what must not stand in a text that others read: the fleet's secrets, and whatever has the form of a credential.
import type {SecretValues} from '../../lib/fleet/secrets.ts'
import type {CredentialScanner} from './credentialScanner.ts'
import {secretsIn} from './secretsIn.ts'

export interface LeakPlace {
  /** The text, such as `the log`. */
  of: string
  line: number
  /** `the secret NAME`, or the kind of credential; never the value. */
  what: string
}

const longestText = 4_000_000

export async function leaksIn(
  text: string,
  of: string,
  {secrets, scanner}: {secrets: SecretValues; scanner: CredentialScanner},
): Promise<LeakPlace[]> {
  const declared = secretsIn(text, secrets).map(({secret, line}) => ({of, line, what: `the secret ${secret}`}))
  const formed = await scanner.scan(text.slice(-longestText), of)
  // What is one of the fleet's secrets is told by its name.
  const others = formed.filter(({line}) => !declared.some(one => one.line === line))
  return [...declared, ...others.map(({kind, line}) => ({of, line, what: `something in the form of ${kind}`}))]
}

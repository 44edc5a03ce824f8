// Scans texts for credentials with secretlint; it says the kind and the line of each, never the value.
import {realpathSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

export interface CredentialPlace {
  /** What secretlint calls it, such as GITHUB_TOKEN. */
  kind: string
  /** Line in the text, from 1. */
  line: number
}

export interface CredentialScanner {
  scan(text: string, name: string): Promise<CredentialPlace[]>
}

const preset = '@secretlint/secretlint-rule-preset-recommend'

interface Linted {
  messages: {messageId: string; loc: {start: {line: number}}}[]
}

/** Loads the scanner, which takes a quarter of a second: not before there is a text to scan. */
export async function credentialScanner(): Promise<CredentialScanner> {
  const {createEngine} = await import('@secretlint/node')
  const path = fileURLToPath(import.meta.resolve(preset))
  const engine = await createEngine({
    color: false,
    formatter: 'json',
    maskSecrets: true,
    configFileJSON: {
      rules: [{id: path, rules: [{id: '@secretlint/secretlint-rule-aws', options: {enableIDScanRule: true}}]}],
    },
  })
  return {
    scan: async (text, name) => {
      const {output} = await engine.executeOnContent({content: text, filePath: name})
      const files = JSON.parse(output) as Linted[]
      return files.flatMap(file => file.messages.map(({messageId, loc}) => ({kind: messageId, line: loc.start.line})))
    },
  }
}

/** Tells one version of the rules from another, without loading them: their place has the version in it. */
export function rulesVersion(): string {
  return realpathSync(fileURLToPath(import.meta.resolve(preset)))
}

// Renders a command that starts a program as a POSIX script: the same words, the same variables, secrets by name only.
import type {Command} from '../target/command.ts'
import {quoted} from './rollbackScriptQuote.ts'

/**
 * The script takes the port as its first word, and secrets as assignments on standard input, so that they are in no file
 * and no command line. Of these it passes on only what the program may have. `token` is replaced by the port.
 */
export function startScript({why, argv, background}: Command, token: string): string {
  const word = (text: string) => quoted(text).replaceAll(token, `'"$port"'`)
  const {folder = '/', environment = {}, secrets = []} = background ?? {}
  return [
    '#!/bin/sh',
    `# ${why}, in the same way as the target does`,
    'port=$1',
    ': "$port"',
    'eval "$(cat)"',
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${word(value)}`),
    ...[...new Set(secrets)].map(name => `[ -z "\${${name}+set}" ] || export ${name}`),
    `cd ${quoted(folder)} || exit 1`,
    `exec ${argv.map(word).join(' ')} </dev/null`,
    '',
  ].join('\n')
}

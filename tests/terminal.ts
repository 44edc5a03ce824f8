// A terminal for tests, with a program in it: what it shows, Ctrl-C, and its closing. It takes python3.
import {spawn, spawnSync} from 'node:child_process'
import {join} from 'node:path'
import type {TestContext} from 'node:test'

const program = join(import.meta.dirname, 'fixtures', 'terminal.py')

export interface Terminal {
  /** All that it was sent, raw, up to now. */
  shown: () => string
  /** Presses Ctrl-C. */
  press: () => void
  /** Closes it, as a window or a connection is closed. */
  close: () => void
  /** The exit code of what ran in it. */
  ended: Promise<number | null>
}

/** What to skip a test with; false where there is what it takes. */
export const noTerminal: string | false =
  spawnSync('python3', ['-c', 'import pty']).status === 0 ? false : 'python3 is not on this machine'

export function openTerminal(
  context: TestContext,
  argv: readonly string[],
  how: {env?: Record<string, string>; cwd?: string} = {},
): Terminal {
  const child = spawn('python3', [program, ...argv], {...how, stdio: ['pipe', 'pipe', 'inherit']})
  context.after(() => child.kill('SIGKILL'))
  let shown = ''
  // Each byte as it comes: what is no UTF-8 must be seen too.
  child.stdout.on('data', (part: Buffer) => {
    shown += part.toString('latin1')
  })
  child.stdin.on('error', () => undefined)
  return {
    shown: () => shown,
    press: () => child.stdin.write('c'),
    close: () => child.stdin.write('x'),
    ended: new Promise(resolve => child.on('close', code => resolve(code))),
  }
}

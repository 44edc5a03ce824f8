// Starts the process that backs up or restores, and tells when it began.
import {type ChildProcess, spawn} from 'node:child_process'
import {join} from 'node:path'

export interface StartedChild {
  child: ChildProcess
  /** Resolves when the work itself begins. */
  began: Promise<void>
  /** What it printed, once it has ended. */
  ended: Promise<{code: number | null; said: string}>
}

export function startChild(...words: readonly string[]): StartedChild {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const began = new Promise<void>((resolve, reject) => {
    const hear = (part: Buffer) => {
      said += part
      if (said.includes('began')) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', () => reject(new Error(`it ended before it began: ${said}`)))
  })
  const ended = new Promise<{code: number | null; said: string}>(resolve =>
    child.on('close', code => resolve({code, said})),
  )
  return {child, began, ended}
}

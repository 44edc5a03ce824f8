// A program whose main thread ends well before the rest of it when it is killed: meanwhile it is a zombie that holds its port.

import {tryTcp} from '../../scripts/lib/mcp/tryTcp.ts'
import {freePorts} from '../../scripts/lib/target/freePorts.ts'
import {eventually} from './localInstance.ts'

// Of many threads the first is seldom the last to go, and whoever is has 400 MB to give back before it closes files.
const program = `
globalThis.held = Buffer.alloc(4e8, 1)
for (let thread = 0; thread < 64; thread += 1) require('node:crypto').pbkdf2('a', 'b', 1, 8, 'sha1', () => undefined)
require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1')`

export interface SlowToDie {
  port: number
  argv: [string, ...string[]]
  environment: Record<string, string>
  /** Resolves when it listens. */
  listens: () => Promise<unknown>
}

export async function slowToDie(): Promise<SlowToDie> {
  const [port = 0] = await freePorts(1)
  return {
    port,
    argv: [process.execPath, '-e', program, String(port)],
    environment: {UV_THREADPOOL_SIZE: '64'},
    listens: () => eventually(async () => !(await isFree(port)) || undefined, 'the program to listen'),
  }
}

/** Whether nobody listens on the port. */
export async function isFree(port: number): Promise<boolean> {
  return (await tryTcp({host: '127.0.0.1', port, timeoutMs: 5000})).transport === 'refused'
}

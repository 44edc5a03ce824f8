// Finds ports on loopback that nothing listens on, that no other program of ours was given, and that no outgoing connection is.
import {randomInt} from 'node:crypto'
import {once} from 'node:events'
import {createServer, type ListenOptions, type Server} from 'node:net'

// Below what Linux (from 32768) and macOS (from 49152) give to outgoing connections: one of those could take the port of a
// server for itself before the server listens, or while it starts again. High enough to be few services' own port.
const firstPort = 20_000
const lastPort = 32_000
const mostTries = 200

/**
 * `count` different free ports. On Linux they are this process's to use until it ends: another fleet's deploy that chose one
 * of them before a server listens there would find that server well in place of its own. Rejects where nearly all are taken.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({length: count}, holdPort))
  await Promise.all(servers.map(({server}) => once(server.close(), 'close')))
  return servers.map(({port}) => port)
}

/** Whether something can listen on that port of loopback now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = await listener({port, host: '127.0.0.1'})
  if (server === undefined) return false
  await once(server.close(), 'close')
  return true
}

async function holdPort(): Promise<{port: number; server: Server}> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(firstPort, lastPort)
    if (!(await reserve(port))) continue
    const server = await listener({port, host: '127.0.0.1'})
    if (server !== undefined) return {port, server}
  }
  throw new Error(
    `no free port was found from ${firstPort} to ${lastPort} in ${mostTries} tries: end what listens there`,
  )
}

// A name in Linux's abstract namespace (unix(7)) belongs to one process and goes with it, however that ends. Elsewhere there
// is nothing of the kind, and a port is free for a moment only.
async function reserve(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const reservation = await listener({path: `\0seaworthy-port-${port}`})
  reservation?.unref()
  return reservation !== undefined
}

/** Undefined where nobody can listen there. */
async function listener(where: ListenOptions): Promise<Server | undefined> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(where)
    await listening
    return server
  } catch {
    // Taken, or not allowed: it is not free.
    return undefined
  }
}

// Finds ports on loopback that nothing listens on, and that no outgoing connection is given by the system.
import {randomInt} from 'node:crypto'
import {once} from 'node:events'
import {createServer, type Server} from 'node:net'

// Below what Linux (from 32768) and macOS (from 49152) give to outgoing connections: one of those could take the port of a
// server for itself before the server listens, or while it starts again. High enough to be few services' own port.
const firstPort = 20_000
const lastPort = 32_000
const mostTries = 200

/**
 * `count` different free ports. They are held until all are found, so none comes twice; then they are free for a moment.
 * Rejects where nearly all are taken.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({length: count}, holdPort))
  await Promise.all(servers.map(({server}) => once(server.close(), 'close')))
  return servers.map(({port}) => port)
}

/** Whether something can listen on that port of loopback now. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = await listener(port)
  if (server === undefined) return false
  await once(server.close(), 'close')
  return true
}

async function holdPort(): Promise<{port: number; server: Server}> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(firstPort, lastPort)
    const server = await listener(port)
    if (server !== undefined) return {port, server}
  }
  throw new Error(
    `no free port was found from ${firstPort} to ${lastPort} in ${mostTries} tries: end what listens there`,
  )
}

/** Undefined where nobody can listen there. */
async function listener(port: number): Promise<Server | undefined> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(port, '127.0.0.1')
    await listening
    return server
  } catch {
    return undefined
  }
}

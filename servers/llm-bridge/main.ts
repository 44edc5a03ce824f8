// Starts the bridge, and stops it on SIGTERM or SIGINT after the calls in flight.
import {createServer} from 'node:http'
import {join} from 'node:path'
import type {Bridge} from './bridge.ts'
import {readConfig} from './config/readConfig.ts'
import {createApp} from './http/app.ts'
import {createDrain} from './http/drain.ts'
import {createLog} from './log.ts'
import {createBridgeMcpHandler} from './mcpHandler.ts'
import {createMetrics} from './metrics.ts'
import {createRegistry} from './providers/registry.ts'
import {createRedactor} from './redact.ts'
import {version} from './version.ts'

/** Longer than the idle time of the proxies in front, which would otherwise reuse a connection that is just being closed. */
const keepAliveMs = 65_000
/** After the drain's deadline callers are told so; this long for those answers to be written. */
const farewellMs = 1_000

const file = process.env.LLM_BRIDGE_CONFIG ?? join(import.meta.dirname, 'config.json')
const reading = readConfig(file, process.env)

if ('faults' in reading) {
  const count = reading.faults.length === 1 ? '1 fault' : `${reading.faults.length} faults`
  process.stderr.write(`llm-bridge cannot start: ${count} in its configuration\n\n${reading.faults.join('\n')}\n`)
  process.exitCode = 2
} else {
  start(reading)
}

function start({config, settings}: Extract<typeof reading, {config: unknown}>): void {
  const keys = config.providers.flatMap(({apiKeyEnv}) =>
    apiKeyEnv === undefined ? [] : [process.env[apiKeyEnv]?.trim()],
  )
  const redact = createRedactor([settings.apiKey, ...keys])
  const log = createLog(redact, line => process.stdout.write(line))
  const registry = createRegistry(config, process.env, redact)
  const giveUp = new AbortController()
  const metrics = createMetrics(registry)
  const bridge: Bridge = {config, settings, registry, metrics, log, redact, stopping: giveUp.signal}

  let stopping = false
  const mcp = createBridgeMcpHandler(bridge)
  const app = createApp(bridge, mcp, () => stopping)
  const drain = createDrain()
  const server = createServer((request, response) => {
    drain.track(response)
    void app(request, response)
  })
  server.keepAliveTimeout = keepAliveMs

  async function stop(signal: string): Promise<void> {
    if (stopping) return
    stopping = true
    log('info', 'stopping', {signal, in_flight: drain.inFlight(), drain_ms: settings.drainMs})
    server.close()
    let answered = await drain.finish(settings.drainMs)
    if (!answered) {
      log('warning', 'drain deadline passed', {in_flight: drain.inFlight()})
      giveUp.abort(new Error('the bridge is stopping'))
      answered = await drain.finish(farewellMs)
    }
    await mcp.close()
    server.closeAllConnections()
    log(answered ? 'info' : 'error', 'stopped', {unanswered: drain.inFlight()})
    // Exits by itself unless a provider's connection lingers; nothing is left to lose then.
    process.exitCode = answered ? 0 : 1
    setTimeout(() => process.exit(), farewellMs).unref()
  }

  server.on('error', error => {
    process.stderr.write(
      `llm-bridge cannot listen on ${settings.host} port ${settings.port}: ${error.message}\n` +
        '  → free the port, or set PORT and LLM_BRIDGE_HOST\n',
    )
    process.exitCode = 2
  })
  server.listen(settings.port, settings.host, () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : settings.port
    log('info', 'listening', {
      host: settings.host,
      port,
      version,
      providers: registry.providers.map(p => p.config.name),
    })
    const loopback = settings.host === 'localhost' || settings.host === '::1' || settings.host.startsWith('127.')
    if (settings.apiKey === undefined && !loopback)
      log('warning', 'open to the network', {
        remedy: 'set LLM_BRIDGE_API_KEY: anyone who reaches this port can spend money',
      })
    // So that the first caller need not wait for it.
    void registry.current()
  })
  // `on`, not `once`: a second signal must not end the process in the middle of the drain.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal))
}

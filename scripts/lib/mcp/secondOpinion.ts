// Asks the official SDK client about the same server, so that a fault of our own client cannot pass for the server's.
import type {Client, StreamableHTTPClientTransport} from '@modelcontextprotocol/client'
import {bounded} from './bounded.ts'
import {elapsedMs} from './elapsedMs.ts'
import type {JsonObject} from './jsonRpc.ts'
import {clientInfo} from './protocol.ts'

type SchemaValidator = NonNullable<NonNullable<ConstructorParameters<typeof Client>[1]>['jsonSchemaValidator']>

/** What to ask. `timeoutMs` is the deadline of everything together. */
export type SecondOpinionOptions = {
  url: string
  headers?: {[name: string]: string}
  /** `outcome` is what the call should come to; default `result`. */
  probe?: {tool: string; arguments?: JsonObject; outcome?: 'result' | 'tool-error' | 'rpc-error'}
  timeoutMs: number
  signal?: AbortSignal
}

/** What the SDK client saw. `stage` is where it failed. */
export type SecondOpinion = {
  ok: boolean
  era?: 'legacy' | 'modern'
  protocolVersion?: string
  tools: string[]
  callOk?: boolean
  stage?: 'open' | 'list' | 'call'
  error?: string
  /** It failed since everything together took too long. */
  late?: true
  ms: number
}

/** Loads the SDK, which costs more than everything else that a step imports, and far more than to ask a server. */
export async function loadSdk() {
  const [sdk, ajv] = await Promise.all([
    import('@modelcontextprotocol/client'),
    import('@modelcontextprotocol/client/validators/ajv'),
  ])
  return {...sdk, ...ajv}
}

/** Opens, lists and (with a probe) calls through @modelcontextprotocol/client. Never throws for what the server does. */
export async function secondOpinion(options: SecondOpinionOptions): Promise<SecondOpinion> {
  const {Client, StreamableHTTPClientTransport, AjvJsonSchemaValidator} = await loadSdk()
  const startedAt = performance.now()
  const deadline = AbortSignal.timeout(options.timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const seen: SecondOpinion = {ok: false, tools: [], stage: 'open', ms: 0}
  const transport = new StreamableHTTPClientTransport(new URL(options.url), {requestInit: {headers: options.headers}})
  const jsonSchemaValidator = boundedValidator(new AjvJsonSchemaValidator())
  const client = new Client(clientInfo, {versionNegotiation: {mode: 'auto'}, jsonSchemaValidator})
  const request = {signal, timeout: options.timeoutMs}
  try {
    await beforeAbort(client.connect(transport, request), signal)
    seen.era = client.getProtocolEra()
    seen.protocolVersion = client.getNegotiatedProtocolVersion()
    seen.stage = 'list'
    const {tools} = await beforeAbort(client.listTools(undefined, request), signal)
    seen.tools = tools.map(tool => tool.name)
    if (options.probe) {
      seen.stage = 'call'
      const {tool, arguments: values = {}, outcome = 'result'} = options.probe
      const called = client.callTool({name: tool, arguments: values}, request).then(
        result => (result.isError === true ? 'tool-error' : 'result'),
        (error: unknown) => {
          // The SDK throws what a server answers as a JSON-RPC error, with its code.
          if (outcome === 'rpc-error' && typeof (error as {code?: unknown}).code === 'number') return outcome
          throw error
        },
      )
      const came = await beforeAbort(called, signal)
      seen.callOk = came === outcome
      if (!seen.callOk)
        throw new Error(
          came === 'tool-error' ? `the tool ${tool} reports an error` : `the tool ${tool} should end as ${outcome}`,
        )
    }
    seen.ok = true
    seen.stage = undefined
  } catch (error) {
    if (deadline.aborted) {
      seen.error = `no answer to everything within ${options.timeoutMs} ms`
      seen.late = true
    } else if (options.signal?.aborted) seen.error = 'cancelled by the caller'
    else seen.error = error instanceof Error ? error.message : String(error)
  }
  await endQuietly(client, transport)
  return {...seen, ms: elapsedMs(startedAt)}
}

/** The SDK's own validator, but for a schema of the server's on which it would not end. */
function boundedValidator(validator: SchemaValidator): SchemaValidator {
  return {
    getValidator(schema) {
      const check = validator.getValidator<never>(schema)
      return value => bounded(() => check(value))
    },
  }
}

/** The SDK does not always end a stream that says nothing when its signal is aborted, so nobody waits longer. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

async function endQuietly(client: Client, transport: StreamableHTTPClientTransport): Promise<void> {
  try {
    const session = AbortSignal.timeout(2000)
    if (transport.sessionId !== undefined) await beforeAbort(transport.terminateSession(), session)
    await beforeAbort(client.close(), session)
  } catch {
    // Ending is a courtesy: the opinion stands without it.
  }
}

// Asks servers through the ingress as a stateless client does: which version answers, and keep this.

/** What came back: the version of the server and the text of the result, or why there is none. */
export interface Answer {
  version: string | undefined
  text: string | undefined
  fault: string | undefined
  ms: number
}

/** One `echo` of `message` at `through`; never throws. */
export async function ask(through: string, message = 'ahoy', timeoutMs = 20_000): Promise<Answer> {
  const beganAt = performance.now()
  const ms = () => Math.round(performance.now() - beganAt)
  const params = {
    name: 'echo',
    arguments: {message},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': {name: 'sweep', version: '1.0.0'},
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  }
  try {
    const response = await fetch(through, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'echo',
        'mcp-param-message': message,
      },
      body: JSON.stringify({jsonrpc: '2.0', id: 1, method: 'tools/call', params}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await response.text()
    if (response.status !== 200)
      return {version: undefined, text: undefined, fault: `HTTP ${response.status}: ${body.slice(0, 200)}`, ms: ms()}
    const {result} = JSON.parse(body)
    return {
      version: result?._meta?.['io.modelcontextprotocol/serverInfo']?.version,
      text: result?.content?.[0]?.text,
      fault: result === undefined ? body.slice(0, 200) : undefined,
      ms: ms(),
    }
  } catch (thrown) {
    const {message: what, cause} = thrown as Error
    return {version: undefined, text: undefined, fault: `${what}${cause ? `: ${cause}` : ''}`, ms: ms()}
  }
}

// Names what the network did, from the error that Node gave.

/** How the transport of one exchange ended. Everything except `ok` means that no complete HTTP answer was read. */
export type Transport =
  | 'ok'
  | 'refused'
  | 'reset'
  | 'closed'
  | 'deadline'
  | 'cancelled'
  | 'too-large'
  | 'dns'
  | 'tls'
  | 'unreachable'
  | 'not-http'
  | 'not-started'
  | 'failed'

const byCode: {[code: string]: Transport} = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls',
}

const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/

/** The transport fault an error of node:http or node:net stands for. */
export function transportFault(error: Error & {code?: string}): Transport {
  const code = error.code ?? ''
  // Node gives a clean end of the connection before or within an answer the code ECONNRESET too; the words differ.
  if (code === 'ECONNRESET' && /socket hang up|aborted|disconnected/.test(error.message)) return 'closed'
  if (code.startsWith('HPE_')) return 'not-http'
  if (tlsCode.test(code)) return 'tls'
  return byCode[code] ?? 'failed'
}

/** The words of an error, also of an AggregateError, whose own message is empty. */
export function faultText(error: Error & {errors?: Error[]}): string {
  return error.message || (error.errors ?? []).map(one => one.message).join('; ') || error.name
}

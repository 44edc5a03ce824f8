// Questions in a revision that does not exist, and with headers that say something else than the body.
import type {Finding} from '../../lib/journal/entry.ts'
import {legacyVersions, modernVersion} from '../../lib/mcp/protocol.ts'
import type {Asked} from './asked.ts'
import {brief, isRefused, type Question, unless} from './question.ts'
import {goodRequest} from './subject.ts'

const unheardOf = '2099-01-01'

/**
 * MCP 2025-11-25, Transports: "If the server receives a request with an invalid or unsupported MCP-Protocol-Version, it MUST
 * respond with 400 Bad Request." MCP 2026-07-28, Streamable HTTP: "it MUST respond with 400 Bad Request and an
 * UnsupportedProtocolVersionError listing its supported versions", which is -32022.
 */
export const unsupportedVersion: Question = {
  name: 'unsupported-version',
  told: 'a revision that does not exist gets 400, since 2026-07-28 with -32022 and the list of supported ones',
  remedy: 'answer 400; since 2026-07-28 with -32022 and data.supported, from which clients choose another',
  eras: ['legacy', 'modern'],
  ask: async (subject, ask) => {
    const {headers, body, ...rest} = goodRequest(subject, 'tools/list')
    return [
      await ask({
        ...rest,
        step: 'version',
        sent: `MCP-Protocol-Version: ${unheardOf}`,
        headers: {...headers, 'MCP-Protocol-Version': unheardOf},
        body: body.replaceAll(modernVersion, unheardOf),
      }),
    ]
  },
  faults: asked => [
    ...unless(asked, 'it must be 400', one => one.status === 400),
    ...unless(
      asked.filter(({era, status}) => era === 'modern' && status === 400),
      'it must be -32022 with the supported revisions',
      one => one.code === -32022 && (one.supported ?? []).includes(modernVersion),
    ),
  ],
}

const legacyHeader = 'legacy version'

/**
 * MCP 2026-07-28, Streamable HTTP, Server Validation: "Servers that process the request body MUST reject requests where the
 * values specified in the headers do not match the corresponding values in the request body", with 400; also where "A required
 * standard header (MCP-Protocol-Version, Mcp-Method, Mcp-Name) is missing". Else what a gateway lets through by its header is
 * not what the server does. For MCP-Protocol-Version the error must be a HeaderMismatchError, which is -32020; for the two
 * others that code is a SHOULD, and the official suite only warns.
 *
 * A header that names a version before 2026-07-28 makes it a request of that version, for which none of this is written:
 * servers that choose by the header ask it for its session (FastMCP: 400 with -32600). So that one need only be refused, and an
 * answer is an observation. The tool does not exist, so that nothing can happen.
 */
export const headerMismatch: Question = {
  name: 'header-mismatch',
  told: 'headers that contradict the body, or are missing, get 400',
  remedy: 'compare Mcp-Method, Mcp-Name and MCP-Protocol-Version with the body: gateways route and filter by them',
  eras: ['modern'],
  ask: async (subject, ask) => {
    const {headers, body, ...rest} = goodRequest(subject, 'tools/call', {name: 'seaworthy-no-such-tool', arguments: {}})
    const {'Mcp-Method': _, ...withoutMethod} = headers
    const {'Mcp-Name': __, ...withoutName} = headers
    const send = (step: string, sent: string, changed: {headers?: Record<string, string>; body?: string}) =>
      ask({...rest, step, sent, headers, body, ...changed})
    const with_ = (name: string, value: string, step = name) =>
      send(step, `${name}: ${value}`, {headers: {...headers, [name]: value}})
    return [
      await with_('Mcp-Method', 'tools/list'),
      await with_('Mcp-Name', 'another-tool'),
      await send('version', `MCP-Protocol-Version: ${modernVersion} over a body of ${unheardOf}`, {
        body: body.replaceAll(modernVersion, unheardOf),
      }),
      await with_('MCP-Protocol-Version', legacyVersions[0], legacyHeader),
      await send('no method', 'no Mcp-Method', {headers: withoutMethod}),
      await send('no name', 'no Mcp-Name', {headers: withoutName}),
    ]
  },
  faults: asked => [
    ...unless(
      asked.filter(({step}) => step !== legacyHeader && step !== 'version'),
      'it must be 400',
      one => one.status === 400,
    ),
    ...unless(
      asked.filter(({step}) => step === 'version'),
      'it must be 400 with -32020',
      one => one.status === 400 && one.code === -32020,
    ),
  ],
  findings: asked => asked.flatMap(headerFinding),
}

function headerFinding(one: Asked): Omit<Finding, 'place'>[] {
  if (one.step === legacyHeader)
    return isRefused(one)
      ? []
      : [{severity: 'Low', text: `${one.sent} over a body of ${modernVersion} is answered with ${brief(one)}`}]
  return one.code === -32020
    ? []
    : [{severity: 'Low', text: `${one.sent} is refused with ${brief(one)}; it should be JSON-RPC -32020`}]
}

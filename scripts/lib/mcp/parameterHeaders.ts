// Mirrors the arguments of a tool call that its input schema marks with `x-mcp-header` into `Mcp-Param-*` headers.
import {isJsonObject} from './jsonRpc.ts'

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/**
 * A value as an HTTP field value: plain when it is safe ASCII, else `=?base64?…?=` (MCP 2026-07-28, "Value Encoding").
 * An empty value, one with spaces at its ends and one that looks encoded already are encoded too.
 */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x20-\x7e\t]+$/.test(value) && value === value.trim() && !/^=\?base64\?.*\?=$/.test(value)
  return plain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`
}

/**
 * The `Mcp-Param-*` headers for one call. Only properties reached through `properties` may be marked; a value that is
 * absent, null, or not a string, boolean or safe number is left out (MCP 2026-07-28, "Schema Extension").
 */
export function parameterHeaders(inputSchema: unknown, values: unknown): {[name: string]: string} {
  const headers: {[name: string]: string} = {}
  if (!isJsonObject(inputSchema) || !isJsonObject(inputSchema.properties) || !isJsonObject(values)) return headers
  for (const [key, property] of Object.entries(inputSchema.properties)) {
    if (!isJsonObject(property)) continue
    const value = values[key]
    const header = property['x-mcp-header']
    const text = asText(value)
    if (typeof header === 'string' && token.test(header) && text !== undefined) {
      headers[`Mcp-Param-${header}`] = encodeHeaderValue(text)
    }
    Object.assign(headers, parameterHeaders(property, value))
  }
  return headers
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value)
}
